// Hot: one read per element.
using Akka.Streams;
using Akka.Streams.Stage;

namespace Streaming.Log.Streams;

/// <summary>Reads a partition, one read at a time, each when it is pulled.</summary>
internal sealed class BatchSourceStage(IPartitionReader reader, int recordsMax, CancellationToken stop)
    : GraphStageWithMaterializedValue<SourceShape<PartitionRead>, Task>
{
    private Outlet<PartitionRead> Out { get; } = new("EventLogSource.out");

    public override SourceShape<PartitionRead> Shape => new(Out);

    public override ILogicAndMaterializedValue<Task> CreateLogicAndMaterializedValue(Akka.Streams.Attributes inheritedAttributes)
    {
        var logic = new Logic(this, reader, recordsMax, stop);
        return new LogicAndMaterializedValue<Task>(logic, logic.Closed);
    }

    private sealed class Logic : OutGraphStageLogic
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly BatchSourceStage _stage;
        private readonly IPartitionReader _reader;
        private readonly int _recordsMax;
        private readonly CancellationToken _stop;
        private Task _reading = Task.CompletedTask;
        private Action<PartitionRead>? _read;
        private Action? _stopped;
        private Action<Exception>? _failed;

        public Logic(BatchSourceStage stage, IPartitionReader reader, int recordsMax, CancellationToken stop)
            : base(stage.Shape)
        {
            (_stage, _reader, _recordsMax, _stop) = (stage, reader, recordsMax, stop);
            SetHandler(stage.Out, this);
        }

        public Task Closed => _closed.Task;

        public override void PreStart()
        {
            _read = GetAsyncCallback<PartitionRead>(read => Push(_stage.Out, read));
            _stopped = GetAsyncCallback(CompleteStage);
            _failed = GetAsyncCallback<Exception>(FailStage);
        }

        public override void OnPull() => _reading = ReadAsync();

        /// <summary>Disposing ends a read that waits; what it then reports, the stopped stage ignores.</summary>
        public override void PostStop() => _ = CloseAsync();

        private async Task ReadAsync()
        {
            try
            {
                var records = await _reader.ReadAsync(_recordsMax, _stop);
                _read!(new PartitionRead(records, _reader.NextOffset));
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                _stopped!();
            }
            catch (Exception e)
            {
                _failed!(e);
            }
        }

        private async Task CloseAsync()
        {
            try
            {
                await _reader.DisposeAsync();
                await _reading;
            }
            finally
            {
                _closed.SetResult();
            }
        }
    }
}
