using System.Collections.Immutable;

namespace Streaming.Hocon;

/// <summary>Members in the order in which their keys first appear; a key given twice is merged as HOCON says.</summary>
public sealed class HoconObject : HoconNode
{
    internal HoconObject(SourcePosition position, ImmutableArray<HoconMember> members)
        : base(position) => Members = members;

    /// <summary>The members, in order.</summary>
    public ImmutableArray<HoconMember> Members { get; }

    /// <summary>The member with this key (one path element, dots are part of it); null when there is none.</summary>
    public HoconMember? this[string key]
    {
        get
        {
            foreach (var member in Members)
            {
                if (member.Key == key)
                {
                    return member;
                }
            }

            return null;
        }
    }

    /// <summary>The member at a dotted path such as <c>akka.cluster.roles</c>; elements with dots are quoted: <c>a."b.c"</c>.</summary>
    /// <returns>Null when the path does not lead to a value.</returns>
    public HoconMember? Find(string path)
    {
        HoconMember? member = null;
        HoconNode node = this;
        foreach (var key in SplitPath(path))
        {
            member = (node as HoconObject)?[key];
            if (member is null)
            {
                return null;
            }

            node = member.Value;
        }

        return member;
    }

    private static IEnumerable<string> SplitPath(string path)
    {
        var start = 0;
        var quoted = false;
        for (var i = 0; i <= path.Length; i++)
        {
            if (i == path.Length || (path[i] == '.' && !quoted))
            {
                yield return path[start..i].Replace("\"", "", StringComparison.Ordinal);
                start = i + 1;
            }
            else if (path[i] == '"')
            {
                quoted = !quoted;
            }
        }
    }
}
