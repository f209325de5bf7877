"""Reading a plan from a file somebody wrote: one module a format, all giving the same neutral grid. Nothing is stored."""
