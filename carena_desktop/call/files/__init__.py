"""Files of a visit, peer to peer: what is offered, moved, checked and kept until somebody saves it."""
