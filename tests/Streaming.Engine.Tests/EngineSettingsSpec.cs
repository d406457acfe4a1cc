using System.Reflection;
using Akka.Configuration;

namespace Streaming.Engine.Tests;

public sealed class EngineSettingsSpec
{
    [Fact]
    public void The_reference_configuration_is_whole_and_has_no_key_that_nothing_reads()
    {
        var (settings, faults) = EngineSettings.Create(StreamingEngine.ReferenceConfig);

        Assert.Empty(faults);
        Assert.Equal(32768, settings!.RecordsPerRead);
        Assert.Equal(TimeSpan.FromMilliseconds(200), settings.RetryBackoff);
        Assert.True(settings.DirectDelivery);
        Assert.Equal(["clicks", "dead-letters", "labels", "scores", "transactions"], settings.Partitions.Keys);
        Assert.Equal(1, settings.Partitions["dead-letters"]);
    }

    [Fact]
    public void Each_key_reaches_the_setting_of_its_name()
    {
        var (settings, faults) = Create("""
            records-per-read = 11, reads-in-flight = 12, delivery-timeout = 13s, read-timeout = 14s, retry-backoff = 15s
            retry-backoff-max = 16s, commit-interval = 17s, consumer-group = other, direct-delivery = off
            partitions { transactions = 9, more = 3 }
            """);

        Assert.Empty(faults);
        Assert.Equal((11, 12, "other", false), (settings!.RecordsPerRead, settings.ReadsInFlight, settings.ConsumerGroup, settings.DirectDelivery));
        Assert.Equal((9, 3, 4), (settings.Partitions["transactions"], settings.Partitions["more"], settings.Partitions["labels"]));
        TimeSpan[] durations = [settings.DeliveryTimeout, settings.ReadTimeout, settings.RetryBackoff, settings.RetryBackoffMax, settings.CommitInterval];
        Assert.Equal([13, 14, 15, 16, 17], durations.Select(duration => duration.TotalSeconds));
        Assert.Equal(10, typeof(EngineSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance).Length);
    }

    [Fact]
    public void All_faults_are_reported_together_each_with_its_key()
    {
        var (settings, faults) = Create("""
            records-per-read = 0, reads-in-flight = many, delivery-timeout = soon, consumer-group = "", direct-delivery = perhaps
            partitions { transactions = 5000 }
            record-per-read = 5
            """);

        Assert.Null(settings);
        string[] keys = ["records-per-read", "reads-in-flight", "delivery-timeout", "consumer-group", "direct-delivery", "partitions.transactions", "record-per-read"];
        Assert.Equal(keys, faults.Select(fault => fault.Split(' ')[0]["streaming.engine.".Length..]));
        Assert.Contains("streaming.engine.records-per-read is \"0\", expected a whole number from 1 to 1000000", faults);
    }

    [Fact]
    public void A_key_without_a_value_is_a_fault()
    {
        var (_, faults) = EngineSettings.Create(ConfigurationFactory.ParseString("streaming.engine { reads-in-flight = 2 }"));

        Assert.Contains("streaming.engine.records-per-read has no value; give it one", faults);
    }

    private static (EngineSettings? Settings, IReadOnlyList<string> Faults) Create(string section)
    {
        var (settings, faults) = EngineSettings.Create(
            ConfigurationFactory.ParseString($"streaming.engine {{ {section} }}").WithFallback(StreamingEngine.ReferenceConfig));
        return (settings, faults);
    }
}
