using System.Globalization;
using Streaming.Cli.Shell;
using Streaming.Hocon;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Offline.Histories;
using Streaming.Offline.Parquet;

namespace Streaming.Cli.Commands;

/// <summary>Checks and writes several files one after the other, their rows counted through.</summary>
internal sealed class IngestFiles(TableIngest ingest, List<TableFile> files)
{
    /// <summary>Checks all files before the first row is written, so that a refused file leaves nothing behind.</summary>
    /// <returns>Their rows.</returns>
    public async Task<long> CheckAsync(LateRows late, ProgressLine progress, CancellationToken cancellation)
    {
        var rows = 0L;
        foreach (var file in files)
        {
            await ingest.CheckAsync(file, late, done => progress.Report(rows + done), cancellation);
            rows += file.RowCount;
        }

        return rows;
    }

    /// <summary>The first file of which rows are in the topic already, and of how many it was looked; null if there is none.</summary>
    public async Task<(TableFile File, int Written, int LookedUp)?> FirstWrittenAsync(TopicWriter writer, CancellationToken cancellation)
    {
        foreach (var file in files)
        {
            if (await ingest.CountWrittenAsync(file, writer, cancellation) is { Written: > 0 } found)
            {
                return (file, found.Written, found.LookedUp);
            }
        }

        return null;
    }

    /// <summary>Writes them.</summary>
    /// <returns>The seconds that it took.</returns>
    /// <exception cref="CliFailure">It was stopped; the text says how to go on.</exception>
    public async Task<double> WriteAsync(long skip, TopicWriter writer, ProgressLine progress, CancellationToken cancellation)
    {
        var rows = 0L;
        try
        {
            foreach (var file in files)
            {
                await ingest.WriteAsync(file, skip - rows, writer, done => progress.Report(rows + done), cancellation);
                rows += file.RowCount;
            }
        }
        catch (OperationCanceledException error) when (cancellation.IsCancellationRequested)
        {
            throw new CliFailure(ExitCode.Interrupted, Stopped("interrupted", skip, writer.Appended), error);
        }
        catch (Exception error) when (writer.Appended > 0 && error is (EventLogException or IngestException))
        {
            throw new CliFailure(CommandLine.CodeOf(error), [error.Message, Stopped("stopped", skip, writer.Appended)], error);
        }

        return progress.Elapsed.TotalSeconds;
    }

    private string Stopped(string how, long skipped, long written) => string.Create(
        CultureInfo.InvariantCulture,
        $"{how}: {Counted.Of(written, "event")} {Counted.Are(written)} written, up to row {skipped + written:N0} of "
        + $"{files.Sum(file => file.RowCount):N0}; to write the rest, run the same command with --skip {skipped + written}");
}
