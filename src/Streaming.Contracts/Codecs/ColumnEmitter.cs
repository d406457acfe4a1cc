using System.Linq.Expressions;
using Avro;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Contracts.Codecs;

/// <summary>Turns a resolution into straight code that fills one row.</summary>
internal sealed class ColumnEmitter
{
    private readonly ParameterExpression _reader = Emit.Reader();
    private readonly ParameterExpression _batch = Expression.Parameter(typeof(EventBatch), "batch");
    private readonly ParameterExpression _row = Expression.Parameter(typeof(int), "row");
    private readonly EventSource _source;

    private ColumnEmitter(EventSource source) => _source = source;

    public static ColumnDecoder.RowDecoder Compile(Resolved.Fields fields, EventSource source, IReadOnlyCollection<int> columns)
    {
        var emitter = new ColumnEmitter(source);
        var steps = new List<Expression>();
        foreach (var field in fields.Written)
        {
            var column = field.Reader is null ? -1 : source.IndexOf(field.Reader.Name);
            steps.Add(
                columns.Contains(column)
                    ? emitter.Store(field.Value!, field.Reader!, column)
                    : Emit.Skip(emitter._reader, field.Writer.Schema));
        }

        foreach (var field in fields.Missing)
        {
            var column = source.IndexOf(field.Name);
            if (columns.Contains(column))
            {
                steps.Add(emitter.StoreDefault(field, column));
            }
        }

        var body = steps.Count == 0 ? (Expression)Expression.Empty() : Expression.Block(typeof(void), steps);
        return Expression.Lambda<ColumnDecoder.RowDecoder>(body, emitter._reader, emitter._batch, emitter._row).Compile();
    }

    private Expression Store(Resolved value, Field field, int column) => value switch
    {
        Resolved.Null => Cell(nameof(ColumnCells.Null), column),
        Resolved.Branches branches => Emit.Branch(_reader, [.. branches.OfWriter.Select(branch => Store(branch, field, column))]),
        Resolved.Symbols symbols => ReadingCell(
            nameof(ColumnCells.Symbol),
            column,
            Expression.Constant(symbols.WriterToReader),
            Expression.Constant(new TextConstants(field))),
        Resolved.Decimal number => Cell(
            nameof(ColumnCells.Number),
            column,
            Emit.Call(_reader, nameof(AvroReader.ReadDecimal), Expression.Constant(number.Size), Expression.Constant(number.Scale))),
        Resolved.Scalar scalar => StoreScalar(scalar, column),
        _ => Emit.Call(_reader, nameof(AvroReader.FailUnreadable)),
    };

    private MethodCallExpression StoreScalar(Resolved.Scalar scalar, int column) => _source.Fields[column].Type switch
    {
        FieldType.Number => Cell(nameof(ColumnCells.Number), column, Emit.Number(_reader, scalar)),
        FieldType.Flag => Cell(nameof(ColumnCells.Flag), column, Emit.Raw(_reader, scalar.Wire)),
        FieldType.Time => Cell(nameof(ColumnCells.Time), column, Emit.Millis(_reader, scalar)),
        _ when scalar.Value == Schema.Type.Bytes => ReadingCell(nameof(ColumnCells.Bytes), column),
        _ => ReadingCell(nameof(ColumnCells.Text), column),
    };

    private MethodCallExpression StoreDefault(Field field, int column)
    {
        if (SchemaDefaults.IsNull(field))
        {
            return Cell(nameof(ColumnCells.Null), column);
        }

        return _source.Fields[column].Type switch
        {
            FieldType.Number => Cell(nameof(ColumnCells.Number), column, Expression.Constant(SchemaDefaults.Number(field))),
            FieldType.Flag => Cell(nameof(ColumnCells.Flag), column, Expression.Constant((bool)field.DefaultValue!)),
            FieldType.Time => Cell(nameof(ColumnCells.Time), column, Expression.Constant(SchemaDefaults.Millis(field))),
            _ => Cell(
                nameof(ColumnCells.Constant),
                column,
                Expression.Constant(new TextConstants(field)),
                Expression.Constant(TextConstants.DefaultIndex(field))),
        };
    }

    private MethodCallExpression Cell(string method, int column, params Expression[] more) =>
        Expression.Call(typeof(ColumnCells).GetMethod(method)!, [_batch, Expression.Constant(column), _row, .. more]);

    private MethodCallExpression ReadingCell(string method, int column, params Expression[] more) =>
        Expression.Call(typeof(ColumnCells).GetMethod(method)!, [_reader, _batch, Expression.Constant(column), _row, .. more]);
}
