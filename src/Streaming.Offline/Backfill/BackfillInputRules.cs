using Streaming.Features.Events;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Backfill;

/// <summary>Which inputs and column names a backfill of a service may be given.</summary>
internal sealed class BackfillInputRules(ServiceSources sources, BackfillOptions options)
{
    /// <summary>Every input is of a source that the service reads; where it reads several, each says of which.</summary>
    /// <exception cref="BackfillException">One does not.</exception>
    public void CheckInputs()
    {
        if (options.Inputs.FirstOrDefault(input => input.Source is { } source && !sources.Reads(source)) is { } unread)
        {
            throw new BackfillException($"--input {unread.Source}={unread.File}: {sources.Unread(unread.Source!)}");
        }

        if (sources.All.Length > 1 && options.Inputs.FirstOrDefault(input => input.Source is null) is { } nameless)
        {
            throw new BackfillException(
                $"--input {nameless.File}: feature service '{sources.Service.Name}' reads {sources.Names(" and ")}; say which " +
                $"these events are: {string.Join(" or ", sources.All.Select(source => $"--input {source.Name}={nameless.File}"))}");
        }
    }

    /// <summary>Every field of the map is of a source that the service reads, and says of which where there is a choice.</summary>
    /// <exception cref="TableFormatException">One does not.</exception>
    public void CheckMap()
    {
        foreach (var field in options.Map.Fields.Order(StringComparer.Ordinal))
        {
            if (IsQualified(field) && !sources.Reads(field.Split('.', 2)[0]))
            {
                throw new TableFormatException($"--map {field}: {sources.Unread(field.Split('.', 2)[0])}");
            }

            if (!IsQualified(field) && (sources.All.Length > 1 || options.Map.Fields.Any(IsQualified)))
            {
                var owners = sources.All.Where(source => source.IndexOf(field) >= 0).DefaultIfEmpty(sources.All[0]);
                throw new TableFormatException(
                    $"--map {field}: say which source's it is: {string.Join(" or ", owners.Select(source => $"{source.Name}.{field}"))}");
            }
        }
    }

    /// <summary>The columns of a source's fields.</summary>
    public ColumnMap MapOf(EventSource source) =>
        sources.All.Length == 1 && !options.Map.Fields.Any(IsQualified) ? options.Map : options.Map.Of(source);

    private static bool IsQualified(string field) => field.Contains('.', StringComparison.Ordinal);
}
