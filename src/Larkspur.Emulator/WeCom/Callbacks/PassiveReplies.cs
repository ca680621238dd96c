using System.Text.Json.Nodes;
using System.Xml.Linq;
using Larkspur.Emulator.WeCom.Cards;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.Media;
using Larkspur.Emulator.WeCom.Messages;

namespace Larkspur.Emulator.WeCom.Callbacks;

/// <summary>Shows what an application answers to a callback within its five seconds.</summary>
internal sealed class PassiveReplies(EmulatorSettings settings, WeComCorp corp, ApplicationMessages messages, MessageValidator validator)
{
    /// <returns>In words, what was done.</returns>
    /// <exception cref="BadCallbackException">It is for somebody else.</exception>
    /// <exception cref="WeComRefusal">Its content breaks the platform's rules.</exception>
    public string Apply(AppCallback callback, PassiveReply reply)
    {
        var root = reply.Root;
        if (PassiveReply.Value(root, "ToUserName") != callback.From || PassiveReply.Value(root, "FromUserName") != settings.WeCom.CorpId)
        {
            throw new BadCallbackException(BadCallbackException.Receiver, "ToUserName must be the member and FromUserName the corp");
        }

        if (reply.Kind is "update_button" or "update_template_card") return Update(callback, reply);
        if (corp.Member(callback.From) is not { } person) throw new BadCallbackException(BadCallbackException.Receiver, "nobody could read it");
        messages.Deliver(Read(reply), [person]);
        return $"answered with {reply.Kind}";
    }

    /// <summary>Only for the person who used the card.</summary>
    private string Update(AppCallback callback, PassiveReply reply)
    {
        if (callback.CardMsgId is not { } msgId) throw WeComRefusal.Parameter($"{reply.Kind} answers template_card_event only");
        if (reply.Kind == "update_button")
        {
            var text = reply.Root.Element("Button") is { } button ? PassiveReply.Value(button, "ReplaceName") : "";
            if (text.Length == 0) throw WeComRefusal.Parameter("missing Button/ReplaceName");
            messages.Grey(msgId, [callback.From], text);
            return "answered with update_button";
        }

        var card = PassiveReply.Card(reply.Root.Element("TemplateCard") ?? throw WeComRefusal.Parameter("missing TemplateCard"));
        CardValidator.Check(card, CardPlace.Application, update: true);
        messages.Replace(msgId, [callback.From], card);
        return "answered with update_template_card";
    }

    private MessageBody Read(PassiveReply reply)
    {
        var root = reply.Root;
        switch (reply.Kind)
        {
            case "text":
                var text = PassiveReply.Value(root, "Content");
                if (text.Length == 0) throw new WeComRefusal(44004, "text content is empty");
                text = WeComJson.Cut(text, MessageValidator.LongestText);
                return new MessageBody("text", text, new JsonObject { ["content"] = text });
            case "image" or "voice" or "video":
                var part = root.Element(char.ToUpperInvariant(reply.Kind[0]) + reply.Kind[1..]) ?? throw WeComRefusal.Parameter($"missing {reply.Kind}");
                return validator.Attachment(reply.Kind, Texts(part, ("media_id", "MediaId"), ("title", "Title"), ("description", "Description")), WeComMedia.Corp);
            case "news":
                var articles = root.Element("Articles")?.Elements("item").Select(i => Texts(i, ("title", "Title"), ("description", "Description"), ("picurl", "PicUrl"), ("url", "Url"))).ToArray() ?? [];
                if (PassiveReply.Value(root, "ArticleCount") != articles.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)) throw new WeComRefusal(45008, "ArticleCount is not the number of articles");
                return MessageValidator.News(new JsonObject { ["articles"] = WeComJson.List(articles) });
            default:
                throw new WeComRefusal(40008, "invalid message type");
        }
    }

    private static JsonObject Texts(XElement part, params ReadOnlySpan<(string Name, string Element)> members)
    {
        var json = new JsonObject();
        foreach (var (name, element) in members)
        {
            if (part.Element(element) is { } found) json[name] = found.Value;
        }

        return json;
    }
}
