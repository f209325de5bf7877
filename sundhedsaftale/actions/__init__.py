"""Changes that need the project: accounts and how one signs in to them."""
