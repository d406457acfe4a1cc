using Streaming.Hocon;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Reads what a training foresees: a flag of its rows, or a rule that looks ahead.</summary>
internal sealed class LabelReader(ProtocolValues values)
{
    /// <summary>One of the two; neither when there is a mistake, which is reported.</summary>
    public (Located<string>? Flag, LookAheadLabel? LookAhead) Read(MemberReader members)
    {
        if (members.Members.FirstOrDefault(member => member.Key == "label") is not { Value: HoconObject })
        {
            return (members.Required("label", "label = fraud") is { } flag ? new(flag.Text, flag.Position) : null, null);
        }

        var section = values.Section(members, "label")!;
        section.RejectUnknown("of", "rows", "last-of", "next", "within");
        section.ReportMissing("within", "within = 30d");
        section.ReportMissing("of", "of = user_id");
        var of = section.Scalars("of", "at least one field");
        var next = section.Required("next", "next = \"request.kind == 'purchase'\"");
        var within = section.Duration("within", 1, "1ms or more");
        return of is null || next is null || within is null
            ? (null, null)
            : (null, new(
                section.Position,
                [.. of.Select(field => new Located<string>(field.Text, field.Position))],
                section.Scalar("rows"),
                section.Scalar("last-of") is { } last ? new Located<string>(last.Text, last.Position) : null,
                next,
                within.Value));
    }
}
