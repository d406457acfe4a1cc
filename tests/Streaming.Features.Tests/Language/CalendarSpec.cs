using Streaming.Features.Language.Expressions;

namespace Streaming.Features.Tests.Language;

/// <summary>The parts of an instant are those of the moment, before 1970 and between milliseconds as well.</summary>
public sealed class CalendarSpec
{
    [Theory]
    [InlineData(0, 0, 4)]
    [InlineData(-1, 23, 3)]
    [InlineData(-0.5, 23, 3)]
    [InlineData(-3_600_000.25, 22, 3)]
    [InlineData(-86_400_000.5, 23, 2)]
    [InlineData(86_399_999.75, 23, 4)]
    public void Hour_and_weekday_are_those_of_the_moment(double millis, double hour, double weekday) =>
        Assert.Equal((hour, weekday), (Calendar.Hour(millis), Calendar.Weekday(millis)));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e17)]
    public void What_is_no_exact_instant_has_none(double millis) =>
        Assert.True(double.IsNaN(Calendar.Hour(millis)) && double.IsNaN(Calendar.Weekday(millis)));
}
