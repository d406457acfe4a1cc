using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Streaming.Offline.Training.Reports;

/// <summary>A plot as SVG, by OxyPlot: without a screen, a font or a native library, and the same bytes for the same points.</summary>
internal static class Plot
{
    private const double Width = 640;
    private const double Height = 400;

    /// <summary>Lines over two axes.</summary>
    public static string Lines(
        string title, Axis x, Axis y, IEnumerable<(string Name, List<(double X, double Y)> Points)> lines, LegendPosition legend)
    {
        var model = Model(title, x, y);
        model.Legends.Add(new Legend { LegendPosition = legend, LegendBackground = OxyColors.White });
        foreach (var (name, points) in lines)
        {
            var series = new LineSeries { Title = name, StrokeThickness = 1.5 };
            series.Points.AddRange(points.Select(point => new DataPoint(point.X, point.Y)));
            model.Series.Add(series);
        }

        return Svg(model);
    }

    /// <summary>Lying bars, the first one on top.</summary>
    public static string Bars(string title, string unit, IReadOnlyList<(string Name, double Value)> bars)
    {
        var names = new CategoryAxis { Position = AxisPosition.Left, StartPosition = 1, EndPosition = 0 };
        names.Labels.AddRange(bars.Select(bar => bar.Name));
        var model = Model(title, new LinearAxis { Position = AxisPosition.Bottom, Title = unit, Minimum = 0 }, names);
        model.Series.Add(new BarSeries { ItemsSource = bars.Select(bar => new BarItem(bar.Value)).ToList() });
        return Svg(model);
    }

    /// <summary>An axis along the bottom.</summary>
    public static LinearAxis Bottom(string title, double minimum = 0, double maximum = 1) =>
        new() { Position = AxisPosition.Bottom, Title = title, Minimum = minimum, Maximum = maximum };

    /// <summary>An axis along the left side.</summary>
    public static LinearAxis Left(string title, double minimum = 0, double maximum = double.NaN) =>
        new() { Position = AxisPosition.Left, Title = title, Minimum = minimum, Maximum = maximum };

    /// <summary>An axis of powers of ten.</summary>
    public static LogarithmicAxis Powers(AxisPosition position, string title) => new() { Position = position, Title = title };

    private static PlotModel Model(string title, Axis x, Axis y)
    {
        var model = new PlotModel { Title = title, Background = OxyColors.White, TitleFontSize = 14, DefaultFontSize = 11 };
        foreach (var axis in (ReadOnlySpan<Axis>)[x, y])
        {
            axis.MajorGridlineStyle = LineStyle.Solid;
            axis.MajorGridlineColor = OxyColors.LightGray;
            model.Axes.Add(axis);
        }

        return model;
    }

    // Without the declaration of a document: the same text is a file and a part of a page.
    private static string Svg(PlotModel model)
    {
        var document = new OxyPlot.SvgExporter { Width = Width, Height = Height }.ExportToString(model);
        return string.Concat(document.AsSpan(document.IndexOf("<svg", StringComparison.Ordinal)), "\n");
    }
}
