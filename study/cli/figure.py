"""The command that prints one figure for a journal."""

from __future__ import annotations

import argparse

from study.cli.printing import Commands


def _figure_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("name", metavar="NAME", help="such as practice-map, reliability, timeline")
    help_width = "width in mm: 90, 140 or 190 in most journals (default: what suits the figure)"
    add("--width", type=float, default=0.0, metavar="MM", help=help_width)
    add("--kind", default="pdf", metavar="A,B", help="pdf, svg, png, tiff (default: pdf)")
    add("--dpi", type=int, default=300, metavar="N", help="of png and tiff (default: 300)")
    add("--interview", default="", metavar="P03", help="the interview of a timeline")
    help_association = "lines of cooccurrence: jaccard or npmi (default: jaccard)"
    add("--association", default="jaccard", metavar="NAME", help=help_association)
    add("--out", metavar="DIR", help="where to write (default: print/ in the study)")


def _figure(options: argparse.Namespace) -> int:
    from study.exhibits import printing

    printed = printing.print_figure(
        options.study,
        options.name,
        width=options.width,
        kinds=[kind.strip().lower() for kind in options.kind.split(",") if kind.strip()],
        dpi=options.dpi,
        out=options.out,
        interview=options.interview,
        association=options.association,
    )
    for path in printed.paths:
        print(path)
    sizes = ", ".join(f"{wide:.0f} x {high:.0f} mm" for wide, high in printed.sizes)
    print(f"{len(printed.sizes)} sheet{'s' if len(printed.sizes) > 1 else ''}: {sizes}")
    if printed.warning:
        print(f"warning: {printed.warning}")
    return 0


COMMANDS: Commands = {
    "figure": (
        _figure,
        _figure_arguments,
        "print one figure at a journal's width, for print or screen",
        "study figure reliability --width 140 --kind tiff --dpi 600\n"
        "study figure timeline --interview P03 --width 190",
    ),
}
