namespace Streaming.Simulation.Generators;

/// <summary>Terminals by square cell of one radius' width, so that those within the radius of a point lie in nine cells.</summary>
internal sealed class TerminalGrid
{
    private readonly TerminalProfile[] _terminals;
    private readonly double _radius;
    private readonly double _cellsPerUnit;
    private readonly int _width;
    private readonly List<int>[] _cells;

    public TerminalGrid(TerminalProfile[] terminals, double side, double radius)
    {
        _terminals = terminals;
        _radius = radius;
        _width = Math.Max(1, (int)(side / radius));
        _cellsPerUnit = _width / side;
        _cells = new List<int>[_width * _width];
        for (var i = 0; i < _cells.Length; i++)
        {
            _cells[i] = [];
        }

        for (var i = 0; i < terminals.Length; i++)
        {
            _cells[(Cell(terminals[i].Y) * _width) + Cell(terminals[i].X)].Add(i);
        }
    }

    public static double Square(double x, double y) => (x * x) + (y * y);

    /// <summary>Appends the terminals nearer than the radius, by ascending number.</summary>
    public void AddWithin(double x, double y, List<int> into)
    {
        var first = into.Count;
        for (var row = Math.Max(0, Cell(y) - 1); row <= Math.Min(_width - 1, Cell(y) + 1); row++)
        {
            for (var column = Math.Max(0, Cell(x) - 1); column <= Math.Min(_width - 1, Cell(x) + 1); column++)
            {
                AddWithin(_cells[(row * _width) + column], x, y, into);
            }
        }

        into.Sort(first, into.Count - first, null);
    }

    private void AddWithin(List<int> cell, double x, double y, List<int> into)
    {
        foreach (var terminal in cell)
        {
            if (Square(x - _terminals[terminal].X, y - _terminals[terminal].Y) < _radius * _radius)
            {
                into.Add(terminal);
            }
        }
    }

    private int Cell(double coordinate) => Math.Min(_width - 1, (int)(coordinate * _cellsPerUnit));
}
