"""Delivery (发信): queued letters to the server, with a fate for each, and copies in Sent."""
