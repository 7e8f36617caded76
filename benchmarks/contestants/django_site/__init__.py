"""A Django project of one application, for strawberry-django."""
