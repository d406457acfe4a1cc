using Streaming.Engine.Entities;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Engine.Wire;

/// <summary>Reads: a plan by the names of its features, a time, a hypothetical event; and their answers.</summary>
internal static class QueryBytes
{
    private const int ValueBytes = sizeof(double) + 1 + sizeof(long) + sizeof(int);

    public static IEnumerable<WireCodec> Codecs =>
    [
        new(
            "query",
            1,
            [typeof(ReadEntity), typeof(SentQuery)],
            static (context, output, query) => Write(context, output, (EntityQuery)query),
            static (context, ref input) => Read(context, ref input)),
        WireCodec.Of<EntityAnswer>("answer", WriteAnswer, ReadAnswer),
    ];

    private static void Write(WireContext context, WireWriter output, EntityQuery query)
    {
        var (asker, number) = query is SentQuery sent
            ? (sent.Asker, sent.Number)
            : (context.Queries.Answers, context.Queries.Open((ReadEntity)query));
        output.Text(WireContext.PathOf(asker));
        output.Long(number);
        output.Bytes(BytesOf(query.Plan));
        output.Bytes(query.Key);
        output.Long(query.AtMillis);
        WriteRequest(output, query.Plan, query.Request, query.Row);
    }

    private static SentQuery Read(WireContext context, ref WireReader input)
    {
        var (asker, number) = (context.ActorOf(input.Name()), input.Long());
        var plan = PlanOf(context, input.Bytes());
        return new SentQuery(asker, number, plan, input.Bytes(), input.Long(), ReadRequest(plan, ref input));
    }

    private static byte[] BytesOf(EntityReadPlan plan)
    {
        var output = new WireWriter();
        output.Text(plan.Entity.Name);
        output.Int(plan.Features.Length);
        foreach (var feature in plan.Features)
        {
            output.Text(feature);
        }

        return output.ToArray();
    }

    private static EntityReadPlan PlanOf(WireContext context, byte[] bytes)
    {
        var input = new WireReader(bytes);
        var (entity, features) = (input.Name(), new string[input.Count(sizeof(int))]);
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = input.Name();
        }

        input.End();
        return context.PlanOf(bytes, entity, features);
    }

    // Of the event only what the plan's views read; nothing of one that none of them would see.
    private static void WriteRequest(WireWriter output, EntityReadPlan plan, EventBatch? request, int row)
    {
        var fields = new SortedSet<int>();
        if (request is not null)
        {
            plan.VisitInputs(request.Source, field => fields.Add(field));
            fields.RemoveWhere(field => request[field] is null);
        }

        output.Text(fields.Count == 0 ? null : request!.Source.Name);
        output.Int(fields.Count);
        foreach (var field in fields)
        {
            output.Text(request!.Source.Fields[field].Name);
            output.Cell(request[field]!, row);
        }
    }

    private static EventBatch? ReadRequest(EntityReadPlan plan, ref WireReader input)
    {
        var (name, fields) = (input.Text(), input.Count(2 * sizeof(int)));
        if (name is null)
        {
            return null;
        }

        var source = plan.Entity.Views.FirstOrDefault(view => view.Source.Name == name)?.Source
            ?? throw new FormatException($"no view of {plan.Entity.Name} reads {name}: give all nodes the same definitions");
        var request = new EventBatch(source, default, 1) { Count = 1 };
        for (var field = 0; field < source.Fields.Length; field++)
        {
            request[field]!.SetNull(0);
        }

        for (var i = 0; i < fields; i++)
        {
            var field = input.Name();
            var index = source.IndexOf(field);
            input.Cell(index < 0 ? throw new FormatException($"{name} has no field {field}") : request[index]!, 0);
        }

        return request;
    }

    private static void WriteAnswer(WireWriter output, EntityAnswer answer)
    {
        output.Long(answer.Query);
        output.Byte((byte)answer.Outcome);
        output.Text(answer.Fault);
        output.Int(answer.Values.Length);
        foreach (var value in answer.Values)
        {
            output.Double(value.Number);
            output.Text(value.Text);
            output.Byte((byte)value.Status);
            output.Long(value.EventTimeMillis);
        }
    }

    private static object ReadAnswer(WireContext context, ref WireReader input)
    {
        var (query, outcome, fault) = (input.Long(), (ReadOutcome)input.Byte(), input.Text());
        var values = new FeatureValue[input.Count(ValueBytes)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = new FeatureValue(input.Double(), input.Text(), (FeatureStatus)input.Byte(), input.Long());
        }

        return Enum.IsDefined(outcome) && values.All(static value => Enum.IsDefined(value.Status))
            ? new EntityAnswer(query, outcome, values, fault)
            : throw new FormatException("an outcome or a status is none that this node knows");
    }
}
