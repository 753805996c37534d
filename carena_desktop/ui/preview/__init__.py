"""Pictures that strangers sent, decoded where a bomb or a broken decoder costs nothing."""
