using System.Collections.Immutable;
using Streaming.Hocon;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Reads the trainings of schemas/models/*.conf; the models beside them are others' to read.</summary>
public static class TrainingProtocols
{
    private const string Word = "training ";

    /// <summary>Reads all files together. The protocols may be used only if there is no diagnostic.</summary>
    /// <param name="files">Each file's path, which the names of files in it are relative to, and its text.</param>
    public static (ImmutableArray<TrainingProtocol> Protocols, ImmutableArray<Diagnostic> Diagnostics) Parse(
        IReadOnlyList<(string File, string Text)> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var diagnostics = new List<Diagnostic>();
        var protocols = new List<TrainingProtocol>();
        foreach (var (file, text) in files)
        {
            var document = HoconReader.Read(file, text);
            diagnostics.AddRange(document.Diagnostics);
            foreach (var member in document.Root.Members.Where(member => member.Key.StartsWith(Word, StringComparison.Ordinal)))
            {
                Read(member, Path.GetDirectoryName(file) ?? string.Empty, protocols, diagnostics);
            }
        }

        return ([.. protocols], [.. diagnostics]);
    }

    private static void Read(HoconMember member, string directory, List<TrainingProtocol> protocols, List<Diagnostic> diagnostics)
    {
        var name = member.Key[Word.Length..].Trim();
        if (member.Value is not HoconObject body)
        {
            MemberReader.ReportNoObject(member.Value, member.Key, "an object in braces", diagnostics);
        }
        else if (member.Places.Length > 1)
        {
            diagnostics.Add(ProtocolDiagnostics.Duplicate(member.Places[1], name, member.Places[0]));
        }
        else if (protocols.Find(protocol => protocol.Name == name) is { } first)
        {
            diagnostics.Add(ProtocolDiagnostics.Duplicate(member.KeyPosition, name, first.Position));
        }
        else
        {
            var members = new MemberReader(body, $"the training \"{name}\"", member.KeyPosition, diagnostics);
            if (new ProtocolReader(diagnostics).Read(name, directory, members) is { } protocol)
            {
                protocols.Add(protocol);
            }
        }
    }
}
