"""Datasets, training and evaluation; nothing here is imported while serving."""
