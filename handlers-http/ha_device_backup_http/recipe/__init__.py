"""Kinds of devices described by data: the language of recipes, and the engine that takes their steps."""

from .handler import RecipeHandler
from .loader import load_recipe
from .packages import handler_of, recipe_handlers, recipes
from .problems import RecipeError, RecipeProblem

__all__ = ["RecipeError", "RecipeHandler", "RecipeProblem", "handler_of", "load_recipe", "recipe_handlers", "recipes"]
