"""The way to the server when the network wants a proxy in between; shared by session and call, knows neither."""
