using System.Globalization;
using Streaming.Hocon;

namespace Streaming.Offline.Gate;

/// <summary>Keeps the largest difference, and counts answers that are no scores.</summary>
internal sealed class GateTally(string name, double bound)
{
    private GateDifference? _largest;
    private int _compared;
    private int _noScores;
    private GateDifference? _firstNoScore;

    /// <summary>Adds one row's scores.</summary>
    public void Add(int row, double expected, double served)
    {
        _compared++;
        var found = new GateDifference(row + 1, expected, served);
        if (served is not (>= 0 and <= 1))
        {
            _noScores++;
            _firstNoScore ??= found;
        }

        if (_largest is null || found.Difference > _largest.Difference)
        {
            _largest = found;
        }
    }

    /// <summary>What there is to say.</summary>
    public GateCheck ToCheck(string finding = "")
    {
        var passed = _noScores == 0 && (_largest is null || _largest.Difference <= bound);
        var outside = _firstNoScore is null ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Of(_noScores, "row")} without a score from 0 to 1, the first is row {_firstNoScore.Row}: {_firstNoScore.Served}");
        return new(name, passed, _compared, _largest, string.Join("; ", ((string[])[outside, finding]).Where(text => text.Length > 0)));
    }
}
