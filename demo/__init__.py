"""Movy's demo world as plain data and drawing code. It imports no Django and none of Movy's apps, so stand-ins may
use it too."""
