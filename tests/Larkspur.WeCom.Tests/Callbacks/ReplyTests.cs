using System.Text;
using System.Xml.Linq;
using Larkspur.WeCom.Callbacks;
using Larkspur.WeCom.Cards;

namespace Larkspur.WeCom.Tests.Callbacks;

/// <summary>Replies are encrypted and signed as the platform reads them, and judged before.</summary>
public sealed class ReplyTests
{
    private static readonly WeComDelivery Text = CallbackRequests.Deliver(CallbackRequests.Text("hello"));

    private static readonly WeComDelivery Click = CallbackRequests.Deliver(
        CallbackRequests.Event("template_card_event", "<EventKey>agree</EventKey><TaskId>t-1</TaskId><CardType>button_interaction</CardType><ResponseCode>RC</ResponseCode>"));

    [Fact]
    public void A_text_goes_to_the_sender_from_the_corp()
    {
        XElement xml = Open(WeComReply.Text("好 ]]> <b>\u0001"), Text);
        Assert.Equal(("alice", CallbackRequests.CorpId, "text", "1700000000"),
            (xml.Element("ToUserName")!.Value, xml.Element("FromUserName")!.Value, xml.Element("MsgType")!.Value, xml.Element("CreateTime")!.Value));
        Assert.Equal("好 ]]> <b>", xml.Element("Content")!.Value);
    }

    [Fact]
    public void Media_and_news()
    {
        Assert.Equal("m1", Open(WeComReply.Image("m1"), Text).Element("Image")!.Element("MediaId")!.Value);
        Assert.Equal("m1", Open(WeComReply.Voice("m1"), Text).Element("Voice")!.Element("MediaId")!.Value);
        Assert.Equal("t", Open(WeComReply.Video("m1", "t"), Text).Element("Video")!.Element("Title")!.Value);
        XElement news = Open(WeComReply.News([new("a"), new("b", "d", "http://u", "http://p")]), Text);
        Assert.Equal("2", news.Element("ArticleCount")!.Value);
        Assert.Equal(["a", "b"], news.Element("Articles")!.Elements("item").Select(i => i.Element("Title")!.Value));
    }

    [Fact]
    public void A_click_is_answered_with_a_grey_button_or_another_card()
    {
        Assert.Equal("已同意", Open(WeComReply.Button("已同意"), Click).Element("Button")!.Element("ReplaceName")!.Value);
        XElement card = Open(WeComReply.Card(new NoticeCard
        {
            MainTitle = new("已同意", "alice"),
            Source = new("审批", DescColor: 3),
            HorizontalContentList = [new("金额", "100"), new("链接", "查看", 1, "https://a.example/1")],
            CardAction = CardAction.Open("https://a.example"),
            ActionMenu = new("更多", [new("撤销", "undo")]),
        }), Click).Element("TemplateCard")!;
        Assert.Equal("text_notice", card.Element("CardType")!.Value);
        Assert.Equal("3", card.Element("Source")!.Element("DescColor")!.Value);
        Assert.Equal(["金额", "链接"], card.Elements("HorizontalContentList").Select(r => r.Element("KeyName")!.Value));
        Assert.Equal("undo", card.Element("ActionMenu")!.Element("ActionList")!.Element("Key")!.Value);
        Assert.Equal("https://a.example", card.Element("CardAction")!.Element("Url")!.Value);
    }

    [Fact]
    public void What_the_platform_would_not_take_is_refused_before()
    {
        Assert.Throws<WeComContentException>(() => WeComReply.Text(new string('好', 683)));
        Assert.Throws<WeComContentException>(() => WeComReply.Text(""));
        Assert.Throws<WeComContentException>(() => WeComReply.News([]));
        Assert.Throws<WeComContentException>(() => WeComReply.Card(new NoticeCard()));
        Assert.Throws<WeComContentException>(() => CallbackRequests.Receiver().Seal(WeComReply.Button("x"), Text));
    }

    private static XElement Open(WeComReply reply, WeComDelivery delivery)
    {
        XElement envelope = XElement.Parse(Encoding.UTF8.GetString(CallbackRequests.Receiver().Seal(reply, delivery)));
        string encrypted = envelope.Element("Encrypt")!.Value;
        Assert.True(CallbackRequests.Cipher().Verify(
            envelope.Element("MsgSignature")!.Value, envelope.Element("TimeStamp")!.Value, envelope.Element("Nonce")!.Value, encrypted));
        return XElement.Parse(Encoding.UTF8.GetString(CallbackRequests.Cipher().Decrypt(encrypted)));
    }
}
