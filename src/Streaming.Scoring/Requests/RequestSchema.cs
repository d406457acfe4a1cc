using System.Collections.Immutable;
using System.Text;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Ingest;
using Streaming.Scoring.Definitions;

namespace Streaming.Scoring.Requests;

/// <summary>What a scoring request looks like: the fields of the feature service's request source under the model's rules.</summary>
public sealed class RequestSchema
{
    /// <summary>A bit mask records which fields are present.</summary>
    public const int MaxFields = 64;

    private RequestSchema(EventSource source, ImmutableArray<RequestField> fields, byte[] constants, int timeColumn, int nameColumn)
    {
        Source = source;
        Fields = fields;
        Constants = constants;
        TimeColumn = timeColumn;
        NameColumn = nameColumn;
    }

    /// <summary>The source whose next event a request is.</summary>
    public EventSource Source { get; }

    /// <summary>The fields, by column.</summary>
    public ImmutableArray<RequestField> Fields { get; }

    /// <summary>A request with what must be in it, as JSON, for messages.</summary>
    internal string Sample => "{" + string.Join(",", Fields.Where(static each => each.IsRequired).Select(static each =>
        each.Type == FieldType.Text
            ? $"\"{each.Name}\":\"{each.Name.Replace("_id", string.Empty, StringComparison.Ordinal)}_12345\""
            : $"\"{each.Name}\":250.0")) + "}";

    /// <summary>The texts of defaults.</summary>
    internal byte[] Constants { get; }

    /// <summary>The field that is the event time; -1 when no view of the service reads the request's source.</summary>
    public int TimeColumn { get; }

    /// <summary>The field that the answer repeats to identify its request; -1 for none.</summary>
    public int NameColumn { get; }

    /// <summary>The schema of a service's requests.</summary>
    /// <exception cref="NotSupportedException">The source has more fields than there are bits.</exception>
    public static RequestSchema For(ServicePlan service, RequestRules rules)
    {
        var source = service.Request ?? new EventSource(service.Name, []);
        if (source.Fields.Length > MaxFields)
        {
            throw new NotSupportedException($"{source.Name} has {source.Fields.Length} fields; a scoring request takes up to {MaxFields}");
        }

        var constants = new MemoryStream();
        var ids = EventSchemas.Sources.ContainsKey(source.Name) ? ContractRules.Of(source.Name).Ids : [];
        var fields = source.Fields.Select(
            (field, column) => FieldOf(field, column, service, rules, constants) with { IsId = ids.Contains(column) }).ToImmutableArray();
        var time = service.Entities.SelectMany(read => read.Plan.Entity.Views)
            .FirstOrDefault(view => view.Source.Name == source.Name)?.TimeField ?? -1;
        var name = rules.Required.IsEmpty ? -1 : source.IndexOf(rules.Required[0]);
        return new(source, fields, constants.ToArray(), time, name >= 0 && fields[name].Type == FieldType.Text ? name : -1);
    }

    private static ImmutableArray<string> SymbolsOf(string source, string field) =>
        EventSchemas.ByTopic.TryGetValue(source, out var schema)
        && schema.Fields.Find(each => each.Name == field)?.Schema is { } type
        && (type as Avro.EnumSchema ?? (type as Avro.UnionSchema)?.Schemas.OfType<Avro.EnumSchema>().FirstOrDefault()) is { } symbols
            ? [.. symbols.Symbols]
            : [];

    private static RequestField FieldOf(SourceField field, int column, ServicePlan service, RequestRules rules, MemoryStream constants)
    {
        var text = rules.Defaults.GetValueOrDefault(field.Name);
        var start = (int)constants.Length;
        constants.Write(Encoding.UTF8.GetBytes(text ?? string.Empty));
        var isKey = service.Entities.Any(entity => entity.KeyField == column);
        return new(
            field.Name,
            column,
            field.Type,
            rules.Required.Contains(field.Name),
            isKey,
            rules.Minimum.GetValueOrDefault(field.Name, double.NaN),
            text)
        {
            DefaultSlice = (start, (int)constants.Length - start),
            Symbols = SymbolsOf(service.Request!.Name, field.Name),
        };
    }
}
