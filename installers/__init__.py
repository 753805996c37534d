"""What turns the checkout into packages that an IT department can roll out; no part of the product imports it."""
