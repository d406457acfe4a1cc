using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Streaming.Node.Http;

namespace Streaming.Node.Tests;

public sealed class HttpBodySpec
{
    [Fact]
    public async Task A_body_that_comes_late_is_worked_on_by_the_thread_pool_and_not_by_the_thread_that_brings_it()
    {
        var pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new Body(pipe.Reader));
        // Away from the test's own context; it comes back once the body is awaited.
        var working = (await Task.Run(() => new[] { WorkAsync(context) }))[0];
        new Thread(() => Send(pipe.Writer)).Start();
        Assert.True(await working);
    }

    private static async Task<bool> WorkAsync(HttpContext context)
    {
        await HttpBody.ReadAsync(context);
        return Thread.CurrentThread.IsThreadPoolThread;
    }

    private static void Send(PipeWriter writer)
    {
        writer.Write("{}"u8);
        writer.Complete();
    }

    private sealed record Body(PipeReader Reader) : IRequestBodyPipeFeature;
}
