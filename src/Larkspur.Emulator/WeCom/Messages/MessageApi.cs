using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Cards;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Messages;

/// <summary>The application sends to people, changes cards and takes messages back.</summary>
internal sealed class MessageApi(
    EmulatorState state, WeComCorp corp, EmulatorSettings settings, MessageValidator validator, ApplicationMessages messages, WeComChats chats, ResponseCodes codes, DuplicateCheck duplicates, TaskIds tasks, WeComLimits limits) : IWeComArea
{
    /// <summary>Person-times an application may send a day: 200 for each account. How many accounts the corp may have is the emulator's choice.</summary>
    public const int PersonTimesPerDay = 200 * 1000;
    private static readonly TimeSpan RecallWindow = TimeSpan.FromHours(24);

    public void Register(WeComHandlers on)
    {
        on.Post("/cgi-bin/message/send", Send, ownRates: true);
        on.Post("/cgi-bin/message/recall", Recall);
        on.Post("/cgi-bin/message/update_template_card", Update);
    }

    /// <exception cref="WeComRefusal">41011 missing, 40056 of no application, 301002 of another one.</exception>
    public static void CheckAgent(WeComCall call)
    {
        if (call.Body["agentid"] is null) throw new WeComRefusal(41011, "agentid missing");
        long? agent;
        try
        {
            agent = WeComJson.Number(call.Body, "agentid");
        }
        catch (WeComRefusal)
        {
            throw new WeComRefusal(40056, "invalid agentid");
        }

        if (call.Owner?.AgentId != agent) throw new WeComRefusal(301002, "not allow operate another agent with this accesstoken");
    }

    private ApiAnswer Send(WeComCall call)
    {
        CheckAgent(call);
        var receivers = Receivers.Of(corp, call.Body);
        var body = validator.Read(call.Body);
        var interactive = body.Card is { } card && (CardRules.IsInteractive(WeComJson.Text(card, "card_type")) || card["action_menu"] is not null);
        if (interactive && corp.CallbackUrl.Length == 0) throw new WeComRefusal(43012, "callback url is not set");
        var safe = WeComJson.Number(call.Body, "safe") ?? 0;
        if (safe is < 0 or > 2 || (safe == 2 && body.Kind != "mpnews")) throw WeComRefusal.Parameter("safe");
        if (safe != 0 && body.Kind == "news") throw new WeComRefusal(40074, "news can not be safe");

        var answer = duplicates.Run(call.Body, () =>
        {
            if (body.Card is { } fresh) tasks.Use("app", WeComJson.Text(fresh, "task_id"));
            if (!limits.TryTake("send/" + settings.WeCom.AgentId, PersonTimesPerDay, WeComLimits.Day, cost: receivers.People.Count)) throw WeComRefusal.TooFast();
            var msgId = messages.Deliver(body, receivers.People, safe != 0);
            return (msgId, interactive ? messages.ResponseCode(msgId) : null);
        });
        var json = new JsonObject
        {
            ["invaliduser"] = string.Join('|', receivers.BadUsers), ["invalidparty"] = string.Join('|', receivers.BadParties), ["invalidtag"] = string.Join('|', receivers.BadTags),
            ["unlicenseduser"] = "", ["msgid"] = answer.MsgId,
        };
        if (answer.ResponseCode is { } code) json["response_code"] = code;
        return WeComAnswer.Ok(json);
    }

    private ApiAnswer Recall(WeComCall call)
    {
        _ = call.Agent;
        var copies = chats.Copies(call.Need("msgid")).Where(m => m.Sender == WeComSender.Application).ToArray();
        if (copies.Length == 0) throw WeComRefusal.Parameter("msgid");
        if (copies[0].Created + RecallWindow <= state.Clock.GetUtcNow()) throw new WeComRefusal(42052, "the message is older than 24 hours");
        foreach (var copy in copies) chats.Change(copy.MessageId, m => m.Recalled ? m : m with { Recalled = true });
        return WeComAnswer.Ok();
    }

    private ApiAnswer Update(WeComCall call)
    {
        CheckAgent(call);
        var receivers = Receivers.OfLists(corp, call.Body);
        var (card, button) = (WeComJson.Object(call.Body, "template_card"), WeComJson.Object(call.Body, "button"));
        if (card is null && button is null) throw WeComRefusal.Parameter("missing template_card or button");
        var bad = codes.Use(call.Need("response_code"), call.Agent, msgId =>
        {
            var copies = chats.Copies(msgId);
            var owners = copies.Select(m => chats.Chat(m.ChatId)).OfType<WeComChat>().SelectMany(c => c.People).ToHashSet(StringComparer.Ordinal);
            var original = copies is [{ Card: { } cardState }, ..] ? CardOutline.Of(cardState.Json) : throw new WeComRefusal(60140, "the card is gone");
            var known = receivers.People.Select(p => p.UserId).Where(owners.Contains).ToArray();
            if (button is not null)
            {
                if (!CardRules.IsInteractive(original.Type)) throw WeComRefusal.Parameter("button.replace_name is for cards with buttons");
                if (WeComJson.Text(button, "replace_name") is not { Length: > 0 } text) throw WeComRefusal.Parameter("missing button.replace_name");
                messages.Grey(msgId, known, text);
            }
            else
            {
                CardValidator.Check(card!, CardPlace.Application, update: true);
                messages.Replace(msgId, known, card!);
            }

            return WeComJson.Flag(call.Body, "atall") ? [] : receivers.BadUsers.Concat(receivers.People.Select(p => p.UserId).Except(owners, StringComparer.Ordinal)).ToArray();
        });
        return WeComAnswer.Ok(new JsonObject { ["invaliduser"] = WeComJson.List(bad) });
    }
}
