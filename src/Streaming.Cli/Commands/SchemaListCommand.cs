using System.Globalization;
using Streaming.Cli.Shell;
using Streaming.Contracts.Schemas;

namespace Streaming.Cli.Commands;

/// <summary><c>streaming schema list</c>.</summary>
internal static class SchemaListCommand
{
    /// <summary>Makes the command.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var command = new CliCommand("list", "List the events with their topics, subjects, released versions and fields.")
        {
            Examples = ["streaming schema list", "streaming schema list --json"],
        };
        var (directory, json) = SchemaCommand.AddOptions(command);
        command.SetAction(parsed =>
        {
            var schemas = SchemaHistory.Read(parsed.GetValue(directory)!);
            if (parsed.GetValue(json))
            {
                Report.Json(terminal, schemas.Select(schema => new
                {
                    schema.Name,
                    Topic = TopicOf(schema),
                    Subject = SubjectOf(schema),
                    Released = schema.Released.Length,
                    Fields = schema.Current.Fields.Select(field => field.Name),
                }));
                return;
            }

            Report.Table(
                terminal,
                ["event", "topic", "subject", "released", "fields"],
                schemas.Select(schema => (IReadOnlyList<string>)
                [
                    schema.Name,
                    TopicOf(schema) ?? "-",
                    SubjectOf(schema) ?? "-",
                    schema.Released.Length.ToString(CultureInfo.InvariantCulture),
                    string.Join(" ", schema.Current.Fields.Select(field => field.Name)),
                ]));
        });
        return command;
    }

    private static string? TopicOf(SchemaHistory schema) =>
        EventSchemas.ByTopic.FirstOrDefault(topic => topic.Value.Name == schema.Name).Key;

    private static string? SubjectOf(SchemaHistory schema) => TopicOf(schema) is { } topic ? EventSchemas.SubjectOf(topic) : null;
}
