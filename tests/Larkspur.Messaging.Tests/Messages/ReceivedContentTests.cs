using Larkspur.Feishu.Messaging;

namespace Larkspur.Messaging.Tests.Messages;

public sealed class ReceivedContentTests
{
    private static readonly MessageMention[] Mentions = [new("@_user_1", "ou_bot", "open_id", "Bot"), new("@_user_12", "ou_tom", "open_id", "Tom")];

    [Fact]
    public void Text_has_the_names_of_those_who_are_mentioned()
    {
        var text = Assert.IsType<ReceivedText>(ReceivedContent.Parse("text", """{"text":"@_user_1 ask @_user_12, @_user_1"}""", Mentions));
        Assert.Equal("@Bot ask @Tom, @Bot", text.PlainText);
        Assert.Equal("ask @Tom,", text.WithoutMention("ou_bot"));
        Assert.False(text.MentionsAll);
    }

    [Fact]
    public void A_post_comes_without_languages_and_its_mentions_are_resolved()
    {
        var post = Assert.IsType<ReceivedPost>(ReceivedContent.Parse(
            "post",
            """{"title":"T","content":[[{"tag":"text","text":"a ","style":["bold"]},{"tag":"at","user_id":"@_user_1","user_name":""},{"tag":"a","href":"https://e.example","text":"e"}],[{"tag":"img","image_key":"img_1"}],[{"tag":"new","text":"?"}]]}""",
            Mentions));
        Assert.Equal("T\na @Bote (https://e.example)\n[image]\n?", post.PlainText);
        Assert.Equal("ou_bot", post.Paragraphs[0][1].UserId);
        Assert.Equal(["img_1"], post.ImageKeys);
        Assert.IsType<ReceivedPost>(ReceivedContent.Parse("post", """{"zh_cn":{"title":"T","content":[]}}"""));
    }

    [Theory]
    [InlineData("image", """{"image_key":"img_1"}""", "[image]")]
    [InlineData("file", """{"file_key":"f","file_name":"a.pdf"}""", "a.pdf")]
    [InlineData("folder", """{"file_key":"f","file_name":"dir"}""", "dir")]
    [InlineData("audio", """{"file_key":"f","duration":2000}""", "[audio]")]
    [InlineData("media", """{"file_key":"f","image_key":"i","file_name":"v.mp4","duration":2000}""", "v.mp4")]
    [InlineData("sticker", """{"file_key":"f"}""", "[sticker]")]
    [InlineData("share_chat", """{"chat_id":"oc_1"}""", "[chat oc_1]")]
    [InlineData("share_user", """{"user_id":"ou_1"}""", "[user ou_1]")]
    [InlineData("location", """{"name":"Paris","longitude":"2.35","latitude":"x"}""", "Paris")]
    [InlineData("calendar", """{"summary":"Review","start_time":"1608265395000","end_time":"1608267015000"}""", "Review")]
    [InlineData("video_chat", """{"topic":"Call","start_time":"1623124523829"}""", "Call")]
    [InlineData("todo", """{"task_id":"t","summary":{"title":"","content":[[{"tag":"text","text":"Eat fruit"}]]},"due_time":"1623124318000"}""", "Eat fruit")]
    [InlineData("vote", """{"topic":"Where?","options":["a","b"]}""", "Where?\na\nb")]
    [InlineData("system", """{"template":"{from_user} invited {to_chatters} to this chat.","from_user":["Bot"],"to_chatters":["Ann","Tom"]}""", "Bot invited Ann, Tom to this chat.")]
    [InlineData("system", """{"template":"{divider_text}","divider_text":{"text":"New"}}""", "New")]
    [InlineData("hongbao", """{"text":"[红包]"}""", "[红包]")]
    [InlineData("interactive", """{"title":"Card","elements":[[{"tag":"text","text":"a"},{"tag":"button","text":"Go"}],[{"tag":"note","elements":[{"tag":"text","text":"n"}]}]]}""", "Card\na[Go]\nn")]
    [InlineData("interactive", """{"title":"T","elements":[[{"tag":"text","text":"**Due** &#60;today&#62; &amp; [here](https://a.example) \\* 2*3"}]]}""", "T\nDue <today> & here (https://a.example) * 2*3")]
    [InlineData("merge_forward", "Merged and Forwarded Message", "[merged forward]")]
    [InlineData("hologram", """{"x":1}""", "[hologram]")]
    public void Every_type_says_something(string type, string content, string words) => Assert.Equal(words, ReceivedContent.Parse(type, content).PlainText);

    [Theory]
    [InlineData("text", "{broken")]
    [InlineData("text", "null")]
    [InlineData("text", "[]")]
    [InlineData("text", """{"text":5}""")]
    [InlineData("post", """{"zh_cn":7}""")]
    [InlineData("image", "{}")]
    [InlineData("file", "")]
    [InlineData("audio", null)]
    [InlineData("text", """{"text":"cut \ud83d"}""")]
    [InlineData("post", """{"title":"\udc00","content":[]}""")]
    public void What_lacks_its_shape_is_kept_raw(string type, string? content)
    {
        var unknown = Assert.IsType<ReceivedUnknown>(ReceivedContent.Parse(type, content));
        Assert.Equal((type, content ?? ""), (unknown.Type, unknown.Raw));
    }

    [Fact]
    public void Names_are_names_whatever_they_look_like()
    {
        MessageMention[] mentions = [new("@_user_1", "ou_eve", "open_id", "@_user_2 {to_chatters}"), new("@_user_2", "ou_boss", "open_id", "Boss")];
        var text = Assert.IsType<ReceivedText>(ReceivedContent.Parse("text", """{"text":"@_user_1 says @_user_2 agreed, @_user_3"}""", mentions));
        Assert.Equal("@@_user_2 {to_chatters} says @Boss agreed, @_user_3", text.PlainText);
        Assert.Equal("says @Boss agreed, @_user_3", text.WithoutMention("ou_eve"));
        Assert.Equal("{to_chatters} invited Boss {x}.", ReceivedContent.Parse("system", """{"template":"{from_user} invited {to_chatters} {x}.","from_user":["{to_chatters}"],"to_chatters":["Boss"]}""").PlainText);
    }

    [Fact]
    public void A_text_full_of_mentions_takes_memory_in_proportion_to_its_length()
    {
        string content = "{\"text\":\"" + string.Concat(Enumerable.Repeat("@_user_1", 10_000)) + "\"}";
        var text = Assert.IsType<ReceivedText>(ReceivedContent.Parse("text", content, Mentions));
        long before = GC.GetAllocatedBytesForCurrentThread();
        int length = text.PlainText.Length;
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(40_000, length);
        Assert.True(taken < 40L * content.Length, $"{taken:N0} bytes for a text of {content.Length:N0}");
    }

    [Fact]
    public void Hostile_numbers_and_depths_do_no_harm()
    {
        Assert.Null(Assert.IsType<ReceivedAudio>(ReceivedContent.Parse("audio", """{"file_key":"f","duration":1e300}""")).Duration);
        Assert.Null(Assert.IsType<ReceivedCalendarEvent>(ReceivedContent.Parse("calendar", """{"start_time":"99999999999999999"}""")).Start);
        Assert.IsType<ReceivedUnknown>(ReceivedContent.Parse("post", string.Concat(Enumerable.Repeat("{\"content\":", 500)) + "1" + new string('}', 500)));
    }
}
