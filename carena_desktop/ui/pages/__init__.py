"""The screens, one package each: a pure view model and a page that renders it."""
