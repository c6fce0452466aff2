"""What the numbers were made with: versions, and whom to cite."""

from __future__ import annotations

import platform
from collections.abc import Iterable

CITATIONS = {
    "bertopic": (
        "BERTopic",
        "Grootendorst, M. (2022). BERTopic: Neural topic modeling with a class-based TF-IDF "
        "procedure. https://doi.org/10.48550/arXiv.2203.05794",
    ),
    "scikit-learn": (
        "scikit-learn",
        "Pedregosa, F., et al. (2011). Scikit-learn: Machine learning in Python. Journal of "
        "Machine Learning Research, 12, 2825-2830.",
    ),
    "numpy": (
        "NumPy",
        "Harris, C. R., et al. (2020). Array programming with NumPy. Nature, 585, 357-362. "
        "https://doi.org/10.1038/s41586-020-2649-2",
    ),
    "pandas": (
        "pandas",
        "McKinney, W. (2010). Data structures for statistical computing in Python. Proceedings "
        "of the 9th Python in Science Conference, 56-61. "
        "https://doi.org/10.25080/Majora-92bf1922-00a",
    ),
    "scipy": (
        "SciPy",
        "Virtanen, P., et al. (2020). SciPy 1.0: Fundamental algorithms for scientific computing "
        "in Python. Nature Methods, 17, 261-272. https://doi.org/10.1038/s41592-019-0686-2",
    ),
    "matplotlib": (
        "Matplotlib",
        "Hunter, J. D. (2007). Matplotlib: A 2D graphics environment. Computing in Science & "
        "Engineering, 9(3), 90-95. https://doi.org/10.1109/MCSE.2007.55",
    ),
    "networkx": (
        "NetworkX",
        "Hagberg, A. A., Schult, D. A., & Swart, P. J. (2008). Exploring network structure, "
        "dynamics, and function using NetworkX. Proceedings of the 7th Python in Science "
        "Conference, 11-15.",
    ),
    "nltk": (
        "NLTK",
        "Bird, S., Klein, E., & Loper, E. (2009). Natural language processing with Python. "
        "O'Reilly.",
    ),
}


def sentence(topics: bool) -> str:
    """Say with which software, in which versions, the numbers were made."""
    from importlib.metadata import version

    names = _used(topics)
    parts = ", ".join(f"{CITATIONS[name][0]} {version(name)}" for name in names)
    own = f"the toolkit study {version('study')} under Python {_python()}"
    return f"All counts, coefficients, tables and figures were made with {own}, with {parts}."


def references(topics: bool) -> list[str]:
    """Return the references of that sentence, by author."""
    return sorted(CITATIONS[name][1] for name in _used(topics))


def _used(topics: bool) -> Iterable[str]:
    left_out = set() if topics else {"bertopic", "scikit-learn"}
    return [name for name in CITATIONS if name not in left_out]


def _python() -> str:
    """Return the minor version: a patch of Python changes no number."""
    return ".".join(platform.python_version_tuple()[:2])
