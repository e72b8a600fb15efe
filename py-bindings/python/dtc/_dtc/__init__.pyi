from . import naming as naming

__all__ = ["naming"]
