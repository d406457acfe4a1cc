using Microsoft.Extensions.Time.Testing;
using Streaming.Scoring.Circuits;

namespace Streaming.Scoring.Tests.Circuits;

/// <summary>When the circuit of a model opens and closes.</summary>
public sealed class ModelCircuitSpec
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ModelCircuit _circuit;

    public ModelCircuitSpec() =>
        _circuit = new(new(0.5, 4, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(100)), _clock);

    [Theory]
    [InlineData("ffff", true)]
    [InlineData("fff", false)]
    [InlineData("ssff", true)]
    [InlineData("sssf", false)]
    [InlineData("sssfff", true)]
    public void It_opens_where_enough_calls_of_the_window_fail(string calls, bool isOpen)
    {
        Call(calls);
        Assert.Equal(isOpen, _circuit.IsOpen);
        Assert.Equal(isOpen ? CircuitPass.Refused : CircuitPass.Closed, _circuit.Begin(out _));
    }

    [Fact]
    public void Calls_of_an_earlier_window_do_not_count()
    {
        Call("fff");
        _clock.Advance(TimeSpan.FromSeconds(11));
        Call("fff");
        Assert.False(_circuit.IsOpen);
        Call("f");
        Assert.True(_circuit.IsOpen);
    }

    [Fact]
    public void A_slow_call_has_failed()
    {
        for (var i = 0; i < 4; i++)
        {
            var pass = _circuit.Begin(out var started);
            _clock.Advance(TimeSpan.FromMilliseconds(101));
            _circuit.End(pass, started, failed: false);
        }

        Assert.True(_circuit.IsOpen);
    }

    [Fact]
    public void After_the_break_one_call_is_let_through_and_closes_it_if_it_succeeds()
    {
        Call("ffff");
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(CircuitPass.Refused, _circuit.Begin(out _));
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(CircuitPass.Probe, _circuit.Begin(out var started));
        Assert.Equal(CircuitPass.Refused, _circuit.Begin(out _));
        _circuit.End(CircuitPass.Probe, started, failed: false);
        Assert.Equal(CircuitPass.Closed, _circuit.Begin(out _));
        Call("fff");
        Assert.False(_circuit.IsOpen);
    }

    [Fact]
    public void A_probe_that_fails_opens_it_for_another_break()
    {
        Call("ffff");
        _clock.Advance(TimeSpan.FromSeconds(5));
        _circuit.End(_circuit.Begin(out var started), started, failed: true);
        Assert.Equal((CircuitPass.Refused, 2L), (_circuit.Begin(out _), _circuit.Opened));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(CircuitPass.Probe, _circuit.Begin(out _));
    }

    [Fact]
    public void A_call_that_began_before_it_opened_does_not_close_it()
    {
        var late = _circuit.Begin(out var started);
        Call("ffff");
        _circuit.End(late, started, failed: false);
        Assert.True(_circuit.IsOpen);
    }

    [Fact]
    public void A_pass_allocates_nothing() => Allocations.AssertNone(() =>
    {
        for (var i = 0; i < 1000; i++)
        {
            _circuit.End(_circuit.Begin(out var started), started, failed: false);
        }
    });

    private void Call(string calls)
    {
        foreach (var call in calls)
        {
            _circuit.End(_circuit.Begin(out var started), started, failed: call == 'f');
        }
    }
}
