using System.Globalization;
using Spectre.Console;

namespace Streaming.Cli.Shell;

/// <summary>Shows how far a long command is: a bar where a person watches, else a line a second. Called by one thread at a time.</summary>
internal sealed class ProgressLine
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(1);
    private readonly Terminal _terminal;
    private readonly string _what;
    private readonly string _unit;
    private readonly ProgressTask? _bar;
    private readonly long _startedTicks;
    private long _shownTicks;
    private long _done;
    private long _total;

    private ProgressLine(Terminal terminal, string what, string unit, long total, ProgressTask? bar)
    {
        (_terminal, _what, _unit, _total, _bar) = (terminal, what, unit, total, bar);
        _startedTicks = _shownTicks = terminal.Time.GetTimestamp();
    }

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => _terminal.Time.GetElapsedTime(_startedTicks);

    /// <summary>Runs work that reports how far it is.</summary>
    public static async Task<T> ShowAsync<T>(Terminal terminal, string what, string unit, long total, Func<ProgressLine, Task<T>> work)
    {
        if (!terminal.ErrorIsTerminal)
        {
            return await work(new ProgressLine(terminal, what, unit, total, null));
        }

        var progress = terminal.Progress().Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());
        return await progress.StartAsync(
            context => work(new ProgressLine(terminal, what, unit, total, context.AddTask(what, maxValue: Math.Max(1, total)))));
    }

    /// <summary>Says how far it is.</summary>
    public void Report(long done, long? total = null)
    {
        (_done, _total) = (done, total ?? _total);
        if (_bar is not null)
        {
            _bar.MaxValue = Math.Max(1, _total);
            _bar.Value = done;
            _bar.Description = $"{_what} {Rate()}";
        }
        else if (_terminal.Time.GetElapsedTime(_shownTicks) >= s_every)
        {
            _shownTicks = _terminal.Time.GetTimestamp();
            _terminal.Note(Line());
        }
    }

    private string Line() => string.Create(
        CultureInfo.InvariantCulture, $"{_what}: {_done:N0} of {_total:N0} {_unit} ({100.0 * _done / Math.Max(1, _total):0} %), {Rate()}");

    private string Rate() => string.Create(CultureInfo.InvariantCulture, $"{_done / Math.Max(0.001, Elapsed.TotalSeconds):N0} {_unit}/s");
}
