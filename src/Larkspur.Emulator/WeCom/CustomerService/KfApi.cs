using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.Media;
using Larkspur.Emulator.WeCom.Messages;

namespace Larkspur.Emulator.WeCom.CustomerService;

/// <summary>The customer service's API: pull, send, hand over.</summary>
internal sealed class KfApi(WeComCorp corp, KfAccount account, MessageValidator validator, WeComLimits limits) : IWeComArea
{
    public const int MostPulled = 1000;
    public const int LongestText = 2048;
    private const int LongestOwnId = 32;
    private const int MostCustomers = 100;
    /// <summary>Pulls without a token; the platform calls its limit strict and does not publish it.</summary>
    private const int BarePullsPerMinute = 10;

    public void Register(WeComHandlers on)
    {
        on.Post("/cgi-bin/kf/sync_msg", Sync);
        on.Post("/cgi-bin/kf/send_msg", Send);
        on.Post("/cgi-bin/kf/send_msg_on_event", SendOnEvent);
        on.Post("/cgi-bin/kf/service_state/get", call =>
        {
            var (state, servicer) = account.StateOf(Customer(call, "external_userid"));
            var shown = new JsonObject { ["service_state"] = (int)state };
            if (servicer.Length > 0) shown["servicer_userid"] = servicer;
            return WeComAnswer.Ok(shown);
        });
        on.Post("/cgi-bin/kf/service_state/trans", Move);
        on.Post("/cgi-bin/kf/account/list", _ => WeComAnswer.Ok(new JsonObject { ["account_list"] = new JsonArray(new JsonObject { ["open_kfid"] = KfAccount.OpenKfId, ["name"] = "Larkspur 客服", ["avatar"] = "", ["manage_privilege"] = true }) }));
        on.Post("/cgi-bin/kf/customer/batchget", Customers);
    }

    private ApiAnswer Sync(WeComCall call)
    {
        if (call.Text("open_kfid") is { Length: > 0 } id && id != KfAccount.OpenKfId) throw WeComRefusal.Parameter("open_kfid");
        var (cursor, token) = (call.Text("cursor") ?? "", call.Text("token") ?? "");
        if (cursor.Length > 64 || token.Length > 128) throw WeComRefusal.Parameter("cursor or token is too long");
        var limit = WeComJson.Number(call.Body, "limit") ?? MostPulled;
        if (limit is < 1 or > MostPulled) throw WeComRefusal.Parameter("limit is 1 to 1000");
        if (token.Length == 0 && !limits.TryTake("kf/sync", BarePullsPerMinute, WeComLimits.Minute)) throw WeComRefusal.TooFast();
        return WeComAnswer.Ok(account.Pull(cursor, token, (int)limit));
    }

    private ApiAnswer Send(WeComCall call)
    {
        if (call.Need("open_kfid") != KfAccount.OpenKfId) throw WeComRefusal.Parameter("open_kfid");
        var customer = Customer(call, "touser");
        var (kind, text, content) = Read(call, menuOnly: false);
        return WeComAnswer.Ok(new JsonObject { ["msgid"] = account.Send(customer, OwnId(call), kind, text, content) });
    }

    private ApiAnswer SendOnEvent(WeComCall call)
    {
        var (kind, text, content) = Read(call, menuOnly: true);
        return WeComAnswer.Ok(new JsonObject { ["msgid"] = account.SendOnEvent(call.Need("code"), OwnId(call), kind, text, content) });
    }

    private ApiAnswer Move(WeComCall call)
    {
        var customer = Customer(call, "external_userid");
        var to = WeComJson.Number(call.Body, "service_state") is { } number and >= 0 and <= 4 ? (KfState)number : throw WeComRefusal.Parameter("service_state");
        var servicer = call.Text("servicer_userid") ?? "";
        if (to == KfState.Human && corp.Member(servicer) is null) throw new WeComRefusal(95014, "the servicer does not receive");
        return WeComAnswer.Ok(new JsonObject { ["msg_code"] = account.Move(customer, to, servicer) });
    }

    private static ApiAnswer Customers(WeComCall call)
    {
        var asked = WeComJson.Texts(call.Body, "external_userid_list");
        if (asked.Count is 0 or > MostCustomers) throw WeComRefusal.Parameter("external_userid_list holds 1 to 100");
        return WeComAnswer.Ok(new JsonObject
        {
            ["customer_list"] = WeComJson.List(asked.Where(KfAccount.Customers.ContainsKey).Select(c => new JsonObject { ["external_userid"] = c, ["nickname"] = KfAccount.Customers[c], ["avatar"] = "", ["gender"] = 0 })),
            ["invalid_external_userid"] = WeComJson.List(asked.Where(c => !KfAccount.Customers.ContainsKey(c))),
        });
    }

    private static string Customer(WeComCall call, string name) => call.Need(name) is var id && KfAccount.Customers.ContainsKey(id) ? id : throw new WeComRefusal(40096, "invalid external userid");

    private static string? OwnId(WeComCall call) => call.Text("msgid") is not { Length: > 0 } id ? null
        : WeComJson.Bytes(id) <= LongestOwnId && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? id : throw WeComRefusal.Parameter("msgid has at most 32 letters, digits, - and _");

    private (string Kind, string Text, JsonObject Content) Read(WeComCall call, bool menuOnly)
    {
        var kind = call.Need("msgtype");
        var known = kind is "text" or "msgmenu" || (!menuOnly && kind is "image" or "voice" or "video" or "file" or "link" or "miniprogram" or "location" or "business_card" or "ca_link");
        if (!known) throw new WeComRefusal(40008, "invalid message type");
        var content = WeComJson.Object(call.Body, kind)?.DeepClone().AsObject() ?? throw WeComRefusal.Parameter($"missing {kind}");
        switch (kind)
        {
            case "text":
                return (kind, MessageValidator.Fits(content, "content", LongestText), content);
            case "image" or "voice" or "video" or "file":
                var file = validator.Attachment(kind, content, WeComMedia.Corp);
                return (kind, file.Text, file.Content);
            case "link" when WeComJson.Text(content, "title") is not { Length: > 0 } || WeComJson.Text(content, "url") is not { Length: > 0 }:
                throw WeComRefusal.Parameter("link needs title and url");
            case "msgmenu":
                return (kind, WeComJson.Text(content, "head_content") ?? "", content);
            default:
                return (kind, WeComJson.Text(content, "title") ?? "", content);
        }
    }
}
