from . import crypt as crypt, naming as naming

__all__ = ["crypt", "naming"]
