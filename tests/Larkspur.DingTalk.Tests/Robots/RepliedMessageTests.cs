using System.Globalization;
using System.Text;
using System.Text.Json;
using Larkspur.DingTalk.Robots;

namespace Larkspur.DingTalk.Tests.Robots;

public sealed class RepliedMessageTests
{
    [Theory]
    // Clients differ in where a text's words are.
    [InlineData("text", """{"text":" NW-7 is late "}""", "NW-7 is late", "")]
    [InlineData("text", """{"content":"NW-7 is late"}""", "NW-7 is late", "")]
    [InlineData("text", "\"{\\\"text\\\":\\\"NW-7\\\"}\"", "NW-7", "")]
    [InlineData("text", "\"{NW-7}\"", "{NW-7}", "")]
    [InlineData("markdown", """{"title":"Parcels","text":"# Two"}""", "# Two", "")]
    [InlineData("picture", """{"downloadCode":"d1","pictureDownloadCode":"p1"}""", "", "d1")]
    [InlineData("picture", """{}""", null, "")]
    [InlineData("file", """{"fileName":"a.pdf","downloadCode":"d1"}""", "", "d1 a.pdf")]
    [InlineData("audio", """{"recognition":"good morning","downloadCode":"d1"}""", "good morning", "d1")]
    [InlineData("video", """{"downloadCode":"d1","videoType":"mp4","duration":1000}""", "", "d1")]
    [InlineData("richText", """{"richText":[{"msgType":"text","content":"see "},{"msgType":"picture","downloadCode":"d1"},{"msgType":"at","atName":"Bob"},{"msgType":"text","content":" this"}]}""", "see @Bob this", "d1")]
    [InlineData("richText", """{"richText":[{"text":"see"},{"type":"picture","downloadCode":"d1"},{"type":"picture","downloadCode":"d2"}]}""", "see", "d1,d2")]
    [InlineData("richText", """{"richText":[{"type":"picture","downloadCode":"d1"}]}""", "", "d1")]
    [InlineData("interactiveCard", """{"cardContent":{"elementType":"CONTAINER","children":[{"elementType":"TEXT","value":"Order"},{"elementType":"ROW","children":[{"elementType":"TEXT","value":"late"},{"elementType":"IMAGE","value":"no words"}]}]}}""", "Order\nlate", "")]
    [InlineData("interactiveCard", """{"cardContent":[{"elementType":"TEXT","value":"Order"}]}""", "Order", "")]
    [InlineData("interactiveCard", "null", null, "")]
    [InlineData("chatRecord", """{"summary":"Bob: hi","title":"Bob and Carol"}""", "Bob: hi", "")]
    [InlineData("newKind", """{"text":"still words"}""", "still words", "")]
    [InlineData("unknownMsgType", "{}", null, "")]
    public void Every_kind_of_message_can_be_replied_to(string kind, string content, string? said, string files)
    {
        RobotMessage message = Read($$"""{"msgId":"m2","msgtype":"text","chatbotUserId":"$:bot","originalProcessQueryKey":"k1","text":{"content":"why?","isReplyMsg":true,"repliedMsg":{"msgType":"{{kind}}","msgId":"m1","senderId":"$:bot","createdAt":1774947711809,"content":""" + content + "}}}");
        RepliedMessage replied = message.Replied!;
        Assert.Equal(("why?", kind, "m1", "$:bot", 1774947711809, "k1"), (message.Said, replied.MsgType, replied.MsgId, replied.SenderId, replied.CreatedAt, replied.ProcessQueryKey));
        Assert.Equal(said, replied.Said);
        Assert.Equal(files, string.Join(',', replied.Files.Select(f => f.FileName is null ? f.DownloadCode : $"{f.DownloadCode} {f.FileName}")));
        Assert.Empty(message.Files);
        Assert.DoesNotContain("NW-7", replied.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"msgId":"m2","msgtype":"richText","content":{"richText":[{"text":"why?"}],"isReplyMsg":true,"repliedMsg":{"msgType":"text","msgId":"m1","content":{"text":"words"}}}}""", "m1", "words")]
    [InlineData("""{"msgId":"m2","msgtype":"reply","text":{"content":"why?","isReplyMsg":true,"repliedMsg":{"msgType":"text","msgId":"m1","text":"words"}}}""", "m1", "words")]
    [InlineData("""{"msgId":"m2","msgtype":"text","text":{"content":"why?","isReplyMsg":true,"repliedMsg":{"content":{"text":"words"}}},"originalMsgId":"m1"}""", "m1", "words")]
    [InlineData("""{"msgId":"m2","msgtype":"text","text":{"content":"why?","isReplyMsg":"true"},"originalMsgId":"m1"}""", "m1", null)]
    [InlineData("""{"msgId":"m2","msgtype":"text","text":{"content":"why?","isReplyMsg":true,"repliedMsg":null},"originalMsgId":"m1"}""", "m1", null)]
    [InlineData("""{"msgId":"m2","msgtype":"text","text":{"content":"why?"},"quoteMessage":{"msgId":"m1","msgtype":"text","senderId":"$:b","text":{"content":"words"}}}""", "m1", "words")]
    public void A_reply_is_known_wherever_it_is_told(string json, string id, string? said)
    {
        RobotMessage message = Read(json);
        Assert.Equal(("why?", id, said), (message.Said, message.Replied?.MsgId, message.Replied?.Said));
    }

    [Theory]
    [InlineData("""{"msgId":"m","msgtype":"text","text":{"content":"hi"}}""")]
    [InlineData("""{"msgId":"m","msgtype":"text"}""")]
    [InlineData("""{"msgId":"m","msgtype":"richText","content":"odd"}""")]
    // An id without the word that it is a reply.
    [InlineData("""{"msgId":"m","msgtype":"text","text":{"content":"hi"},"originalMsgId":"m1"}""")]
    [InlineData("""{"msgId":"m","msgtype":"text","text":{"content":"hi","isReplyMsg":false},"originalMsgId":"m1"}""")]
    [InlineData("""{"msgId":"m","msgtype":"text","text":{"content":"hi","isReplyMsg":true}}""")]
    [InlineData("""{"msgId":"m","msgtype":"text","text":{"content":"hi","isReplyMsg":[true],"repliedMsg":"odd"},"originalMsgId":{"id":"m1"},"quoteMessage":7}""")]
    public void What_replies_to_nothing_is_no_reply(string json) => Assert.Null(Read(json).Replied);

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("true")]
    [InlineData("\"\"")]
    [InlineData("\"{\"")]
    [InlineData("\"{\\\"text\\\":\\\"a\\\",\\\"text\\\":7,\\\"x\\\":[\"")]
    [InlineData("""{"text":[],"content":{},"recognition":true,"downloadCode":["d"]}""")]
    [InlineData("""{"richText":{},"cardContent":"odd"}""")]
    [InlineData("""{"richText":[null,7,"odd",[],{},{"msgType":7,"content":[]},{"msgType":"picture"}]}""")]
    [InlineData("""{"cardContent":{"elementType":["TEXT"],"value":"a","children":{"elementType":"TEXT"}}}""")]
    [InlineData("""{"cardContent":[null,7,"odd",{"elementType":"TEXT","value":{}},{"elementType":"TEXT","value":"  "}]}""")]
    [InlineData("""{"text":"\ud800","downloadCode":"\ud800"}""")]
    public void Wrong_types_are_nothing(string content)
    {
        RepliedMessage replied = Replied(content)!;
        Assert.True(replied.Said is null || content == "\"{\"" || replied.Said.StartsWith('{'));
        Assert.Empty(replied.Files);
    }

    [Fact]
    public void The_head_too_may_have_wrong_types()
    {
        RepliedMessage replied = Read("""{"msgId":"m","msgtype":"text","text":{"content":"hi","isReplyMsg":true,"repliedMsg":{"msgType":{},"msgId":[],"senderId":true,"createdAt":"soon","content":{"text":"words"}}},"originalMsgId":"m1"}""").Replied!;
        Assert.Equal(("m1", "", null, 0, "words"), (replied.MsgId, replied.MsgType, replied.SenderId, replied.CreatedAt, replied.Said));
    }

    [Fact]
    public void Only_so_much_of_it_is_read()
    {
        Assert.Equal(50_000, Replied($$"""{"text":"{{new string('你', 80_000)}}"}""")!.Said!.Length);
        Assert.EndsWith("a", Replied($$"""{"text":"{{new string('a', 49_999)}}😀"}""")!.Said!, StringComparison.Ordinal);
        Assert.Equal(50, Replied($$"""{"richText":[{{string.Join(',', Enumerable.Range(0, 400).Select(i => $$"""{"type":"picture","downloadCode":"d{{i}}"}"""))}}]}""")!.Files.Count);
        Assert.Equal(1000, Replied($$"""{"richText":[{{string.Join(',', Enumerable.Repeat("""{"text":"a"}""", 5000))}}]}""")!.Said!.Length);
        Assert.InRange(Replied($$"""{"cardContent":[{{string.Join(',', Enumerable.Repeat("""{"elementType":"TEXT","value":"a"}""", 9000))}}]}""")!.Said!.Length, 1000, 4000);
        Assert.Null(Replied($$"""{"downloadCode":"{{new string('d', 5000)}}"}""")!.Said);
        Assert.Null(Replied($$"""{"downloadCode":"d1","fileName":"{{new string('n', 5000)}}"}""")!.Files.Single().FileName);
        Assert.Null(Read($$"""{"msgId":"m","msgtype":"text","text":{"content":"hi","isReplyMsg":true},"originalMsgId":"{{new string('m', 600)}}"}""").Replied);
    }

    [Fact]
    public void A_card_that_is_deeper_than_any_card_is_read_down_to_a_depth()
    {
        var card = new StringBuilder("""{"elementType":"TEXT","value":"deepest"}""");
        for (int i = 0; i < 25; i++) card.Insert(0, string.Create(CultureInfo.InvariantCulture, $$"""{"elementType":"TEXT","value":"{{i}}","children":[""")).Append("]}");
        string said = Replied($$"""{"cardContent":{{card}}}""")!.Said!;
        Assert.StartsWith("24\n23", said, StringComparison.Ordinal);
        Assert.DoesNotContain("deepest", said, StringComparison.Ordinal);
    }

    private static RepliedMessage? Replied(string content) => Read("""{"msgId":"m","msgtype":"text","text":{"content":"hi","isReplyMsg":true,"repliedMsg":{"msgType":"any","content":""" + content + "}}}").Replied;

    private static RobotMessage Read(string json) => JsonSerializer.Deserialize<RobotMessage>(json, DingTalkJson.New)!;
}
