using Streaming.Hocon;

namespace Streaming.Node.Settings;

/// <summary>The keys of HOCON that hold no object, by their paths.</summary>
internal static class HoconLeaves
{
    /// <summary>Those of a whole file.</summary>
    public static IEnumerable<(string Path, HoconMember Member)> All(HoconObject root) =>
        root.Members.SelectMany(member => Of(PathOf(member), member));

    /// <summary>Those of a member, or itself.</summary>
    public static IEnumerable<(string Path, HoconMember Member)> Of(string path, HoconMember member) =>
        member.Value is HoconObject section
            ? section.Members.SelectMany(child => Of($"{path}.{PathOf(child)}", child))
            : [(path, member)];

    private static string PathOf(HoconMember member) =>
        member.Key.Contains('.', StringComparison.Ordinal) ? $"\"{member.Key}\"" : member.Key;
}
