using Larkspur.Gateway.Platforms.Web.Chats;

namespace Larkspur.Gateway.Tests.WebChat;

/// <summary>What readers are told of a text that grows, is replaced, or is followed from elsewhere.</summary>
public sealed class LiveAnswerTests
{
    [Fact]
    public void A_reader_gets_what_it_lacks_and_whole_characters_only()
    {
        var answer = new LiveAnswer(1, "pe_a", isOwn: true);
        Assert.Null(answer.Since(default));
        answer.Append("ab\ud83d");
        var first = answer.Since(default)!.Value;
        Assert.Equal((0, "ab"), (first.Offset, first.Text));
        answer.Append("\ude00c");
        var second = answer.Since(first.Place)!.Value;
        Assert.Equal((2, "\ud83d\ude00c"), (second.Offset, second.Text));
        Assert.Null(answer.Since(second.Place));
    }

    [Fact]
    public void What_is_replaced_is_told_from_its_beginning_and_what_continues_is_not()
    {
        var answer = new LiveAnswer(1, "pe_a", isOwn: true);
        answer.Replace("Searching…");
        var step = answer.Since(default)!.Value;
        answer.Replace("");
        var empty = answer.Since(step.Place)!.Value;
        Assert.Equal((0, ""), (empty.Offset, empty.Text));
        answer.Replace("Hel");
        answer.Replace("Hello");
        var rest = answer.Since(empty.Place)!.Value;
        Assert.Equal((0, "Hello"), (rest.Offset, rest.Text));
        Assert.Equal("Hello", answer.Since(new LivePlace(12345, 3))!.Value.Text);
    }

    [Fact]
    public void What_another_process_writes_is_followed_until_it_is_written_here()
    {
        var live = new LiveAnswers();
        Assert.True(live.Mirror(7, "pe_a", "one"));
        Assert.False(live.Mirror(7, "pe_a", "one"));
        var place = live.Find(7)!.Place;
        Assert.True(live.Mirror(7, "pe_a", "one two"));
        Assert.Equal((3, " two"), (live.Find(7)!.Since(place)!.Value.Offset, live.Find(7)!.Since(place)!.Value.Text));

        var own = live.Begin(7, "pe_a");
        Assert.False(live.Mirror(7, "pe_a", "older"));
        live.KeepMirrors(new HashSet<long>());
        Assert.Same(own, live.Find(7));
        live.End(own);
        Assert.Null(live.Find(7));
    }

    [Fact]
    public void A_text_has_a_bound()
    {
        var answer = new LiveAnswer(1, "pe_a", isOwn: true);
        for (var i = 0; i < 30; i++) answer.Append(new string('x', 10_000));
        Assert.Equal(LiveAnswer.Longest, answer.Text.Length);
    }
}
