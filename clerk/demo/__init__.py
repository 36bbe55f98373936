"""The demo: an invented world, its mails, and the page that shows what became of them."""
