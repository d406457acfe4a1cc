namespace Streaming.Hocon.Tests;

public class HoconReaderSpec
{
    [Fact]
    public void A_path_leads_to_its_value_and_to_where_it_is_written()
    {
        var root = Good("""
            # a comment
            akka {
              cluster.roles = [a, b]   // another
              "dotted.key" : { x = 1 }
            }
            akka.loglevel = INFO
            """);

        Assert.Equal(new SourcePosition("f", 3, 11), root.Find("akka.cluster.roles")!.KeyPosition);
        Assert.Equal(new SourcePosition("f", 3, 19), root.Find("akka.cluster.roles")!.Value.Position);
        Assert.Equal("1", Text(root, "akka.\"dotted.key\".x"));
        Assert.Equal(new SourcePosition("f", 6, 6), root.Find("akka.loglevel")!.KeyPosition);
        Assert.Null(root.Find("akka.cluster.role"));
        Assert.Null(root.Find("akka.loglevel.x"));
        Assert.Null(root.Find(""));
    }

    [Theory]
    [InlineData("a = 5", "5")]
    [InlineData("a=two words  # comment", "two words")]
    [InlineData("a : two words,", "two words")]
    [InlineData("a = \"quo\\\"ted\\u0041\"", "quo\"tedA")]
    [InlineData("a = \"x\" y  \"z \"", "x y  z ")]
    [InlineData("a = \"\"", "")]
    [InlineData("a = \"\"\"raw \\ \"text\" \"\"\"\"", "raw \\ \"text\" \"")]
    [InlineData("a = \"\"\"two\nlines\"\"\"", "two\nlines")]
    [InlineData("a = -1.5e3", "-1.5e3")]
    [InlineData("a\n=\n5", "5")]
    [InlineData("{ a = 5 }", "5")]
    [InlineData("\uFEFF{\"a\":5,}", "5")]
    [InlineData("a = 1\r\nb = 2\r\n", "1")]
    [InlineData("a = 1, a = 2", "2")]
    [InlineData("a { b = 1 }\na = 2", "2")]
    [InlineData("a = ${x.y}", "${x.y}")]
    [InlineData("a = pre${?X}post", "pre${?X}post")]
    [InlineData("a = x/y", "x/y")]
    [InlineData("b = 1\n\n\n,a = 2,\n,", "2")]
    public void A_scalar_is_read(string text, string expected) => Assert.Equal(expected, Text(Good(text), "a"));

    [Fact]
    public void A_key_may_have_spaces_inside()
    {
        var member = Assert.Single(Good("  feature-view  card { x = 1 }").Members);

        Assert.Equal(("feature-view  card", new SourcePosition("f", 1, 3)), (member.Key, member.KeyPosition));
    }

    [Fact]
    public void Objects_of_one_key_merge_and_tell_all_their_places()
    {
        var member = Assert.Single(Good("a { x = 1, y = 1 }\na.y = 2\na { z = 3 } { w = 4 }").Members);

        Assert.Equal(["x=1", "y=2", "z=3", "w=4"], ((HoconObject)member.Value).Members.Select(inner => $"{inner.Key}={((HoconScalar)inner.Value).Text}"));
        Assert.Equal([1, 3], member.Places.Select(place => place.Line));
    }

    [Fact]
    public void Arrays_are_read_appended_to_and_joined()
    {
        Assert.Equal(["1", "two words", "3", "4"], Items(Good("a = [1, two words\n 3,] [4]"), "a"));
        Assert.Equal(["1", "2"], Items(Good("a = [1]\na += 2"), "a"));
        Assert.Equal(["2"], Items(Good("a += 2"), "a"));
        Assert.Empty(Items(Good("a = []"), "a"));
    }

    [Theory]
    [InlineData("a = 1d\na += 7d")]
    [InlineData("a { b = 1 }\na += 7d")]
    [InlineData("a.b = 1\na += 7d")]
    [InlineData("a = ${x}\na += 7d")]
    public void Nothing_is_appended_to_what_is_no_array(string text)
    {
        var (document, before) = (HoconReader.Read("f", text), HoconReader.Read("f", text.Split('\n')[0]));

        Assert.Equal(
            "FV001 f:2:1 found \"+=\" after a value of \"a\" that is no array, expected an array in brackets as its first value",
            Assert.Single(document.Diagnostics).ToString());
        Assert.IsType(before.Root.Find("a")!.Value.GetType(), document.Root.Find("a")!.Value);
    }

    [Fact]
    public void Substitutions_and_includes_are_listed_but_not_followed()
    {
        var document = HoconReader.Read(
            "f", "include \"x.conf\"\ninclude required(file(\"y\"))\ninclude = 1\na = ${b}\nc = ${?d} { e = 1 }\nf = { g = 1 } ${h}");

        Assert.Empty(document.Diagnostics);
        Assert.Equal(["include \"x.conf\"", "include required(file(\"y\"))"], document.Includes.Select(include => include.Value));
        Assert.Equal(["${b} f:4:5", "${?d} f:5:5", "${h} f:6:15"], document.Substitutions.Select(one => $"{one.Value} {one.Position}"));
        Assert.True(((HoconScalar)document.Root.Find("a")!.Value).Substitution);
        Assert.Equal("1", Text(document.Root, "c.e"));
        Assert.Equal("1", Text(document.Root, "include"));
    }

    [Theory]
    [InlineData("a = \"xy\"", 1, 1, 7)]
    [InlineData("a = xy", 1, 1, 6)]
    [InlineData("a = \"\\nxy\"", 2, 1, 9)]
    [InlineData("a = \"\"\"\n xy\"\"\"", 2, 2, 2)]
    [InlineData("a = \"xy\"", 2, 1, 8)]
    [InlineData("a = \"\"", 0, 1, 6)]
    public void A_character_of_a_value_knows_its_place(string text, int offset, int line, int column) =>
        Assert.Equal(new SourcePosition("f", line, column), ((HoconScalar)Good(text).Find("a")!.Value).PositionOf(offset));

    [Theory]
    [InlineData("a", "FV001 f:1:2 found the end of the file, expected \"=\", \":\" or \"{\" after the key")]
    [InlineData("a = ", "FV001 f:1:5 found the end of the file, expected a value")]
    [InlineData("a = 1 }", "FV001 f:1:7 found \"}\", expected a key")]
    [InlineData("= 1", "FV001 f:1:1 found \"=\", expected a key")]
    [InlineData("a. = 1", "FV001 f:1:4 found \"=\", expected a key")]
    [InlineData("a = [1", "FV002 f:1:5 [ is never closed, expected ] before the end of the file")]
    [InlineData("a { b = 1", "FV002 f:1:3 { is never closed, expected } before the end of the file")]
    [InlineData("a = \"b\nc = 1", "FV002 f:1:5 \" is never closed, expected \" before the end of the line")]
    [InlineData("a = \"\"\"b\nc = 1", "FV002 f:1:5 \"\"\" is never closed, expected \"\"\" before the end of the file")]
    [InlineData("a = ${b\nc = 1", "FV002 f:1:5 ${ is never closed, expected } before the end of the line")]
    [InlineData("a = \"\\x\"", "FV003 f:1:6 found the escape \\x, expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")]
    [InlineData("a = b:c", "FV001 f:1:6 found \":\", expected a value (a text with such a character needs quotes)")]
    [InlineData("{ a = 1 } b", "FV001 f:1:11 found \"b\", expected the end of the file, since its root object is closed")]
    [InlineData("a = * \nb = &", "FV001 f:1:5 found \"*\", expected a value (a text with such a character needs quotes)|FV001 f:2:5 found \"&\", expected a value (a text with such a character needs quotes)")]
    public void A_mistake_says_what_was_met_and_what_was_expected(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', HoconReader.Read("f", text).Diagnostics));

    [Fact]
    public void Reading_goes_on_behind_a_mistake()
    {
        var document = HoconReader.Read("f", "a { b = *, c = 1 }\nd = &\ne = 2");

        Assert.Equal(2, document.Diagnostics.Length);
        Assert.Equal(("1", "2"), (Text(document.Root, "a.c"), Text(document.Root, "e")));
        Assert.IsType<HoconFault>(document.Root.Find("a.b")!.Value);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{ a = ")]
    public void Nesting_without_end_is_stopped(string opening)
    {
        var diagnostics = HoconReader.Read("f", "a = " + string.Concat(Enumerable.Repeat(opening, 100_000))).Diagnostics;

        Assert.Contains("FV004", diagnostics.Select(diagnostic => diagnostic.Code));
        Assert.InRange(diagnostics.Length, 1, 50);
    }

    private static HoconObject Good(string text)
    {
        var document = HoconReader.Read("f", text);
        Assert.Empty(document.Diagnostics);
        return document.Root;
    }

    private static string Text(HoconObject root, string path) => ((HoconScalar)root.Find(path)!.Value).Text;

    private static IEnumerable<string> Items(HoconObject root, string path) =>
        ((HoconArray)root.Find(path)!.Value).Items.Select(item => ((HoconScalar)item).Text);
}
