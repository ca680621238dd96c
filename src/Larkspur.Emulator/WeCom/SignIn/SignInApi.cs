using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.Contacts;

namespace Larkspur.Emulator.WeCom.SignIn;

/// <summary>Who came in: codes and tickets for members.</summary>
/// <remarks>
/// A member is told of whether or not the application sees them. Somebody of a linked corp is <c>CorpId/userid</c>; whoever else is no
/// member has an openid alone. That a leaver has so too is UNVERIFIED.
/// </remarks>
internal sealed class SignInApi(
    EmulatorState state, WeComCorp corp, SignInRules rules, SignInCodes codes, JsTickets tickets, WeComLimits limits,
    ContactVisibility visibility) : IWeComArea
{
    private const int TicketsOfCorpPerHour = 400;
    private const int TicketsOfAppPerHour = 100;
    /// <summary>Of who shows no picture of themselves. Its address is UNVERIFIED.</summary>
    private const string NoPicture = "https://wework.qpic.cn/wwhead/default/0";

    public void Register(WeComHandlers on)
    {
        on.Get("/cgi-bin/auth/getuserinfo", call =>
        {
            var who = codes.Redeem(call.Asked("code"));
            if (UserId(who) is not { } userId) return WeComAnswer.Ok(new JsonObject { ["openid"] = OpenId(who.UserId) });
            var shown = new JsonObject { ["userid"] = userId };
            if (Ticket(who) is { } ticket) shown["user_ticket"] = ticket;
            return WeComAnswer.Ok(shown);
        });
        on.Get("/cgi-bin/user/getuserinfo", call =>
        {
            var who = codes.Redeem(call.Asked("code"));
            if (UserId(who) is not { } userId) return WeComAnswer.Ok(new JsonObject { ["OpenId"] = OpenId(who.UserId), ["DeviceId"] = "" });
            var shown = new JsonObject { ["UserId"] = userId, ["DeviceId"] = "" };
            if (Ticket(who) is { } ticket) (shown["user_ticket"], shown["expires_in"]) = (ticket, (int)SignInCodes.TicketLife.TotalSeconds);
            return WeComAnswer.Ok(shown);
        });
        on.Post("/cgi-bin/auth/getuserdetail", Detail);
        on.Get("/cgi-bin/get_jsapi_ticket", call => JsTicket("corp", TicketsOfCorpPerHour));
        on.Get("/cgi-bin/ticket/get", call => call.Asked("type") == "agent_config" ? JsTicket("agent", TicketsOfAppPerHour)
            : throw WeComRefusal.Parameter("type must be agent_config"));
    }

    /// <summary>In WeChat, where nobody is a member.</summary>
    public static string OpenId(string key) => "o" + WireIds.Hash("wecom-open", key)[..27];

    private string? UserId(SignedInMember who) => state.Person(who.UserId) switch
    {
        { IsGuest: true } guest => rules.IsLinked(guest) ? $"{guest.TenantKey}/{guest.PresentUserId}" : null,
        { IsResigned: false } member => member.PresentUserId,
        _ => null,
    };

    private string? Ticket(SignedInMember who) =>
        who.WithTicket && corp.Known(who.UserId) is { } person && visibility.InRange(person) ? codes.NewTicket(who) : null;

    private ApiAnswer Detail(WeComCall call)
    {
        var who = codes.Ticket(call.Need("user_ticket"));
        var person = corp.Known(who.UserId) ?? throw new WeComRefusal(60111, "invalid userid: it does not exist");
        var shown = new JsonObject { ["userid"] = person.PresentUserId, ["gender"] = "0", ["avatar"] = NoPicture };
        if (!who.Shares) return WeComAnswer.Ok(shown);
        var all = MemberView.Full(corp, person, sensitive: true);
        all["qr_code"] = "";
        foreach (var field in rules.PrivateFields) shown[field] = all[field]?.DeepClone();
        return WeComAnswer.Ok(shown);
    }

    private ApiAnswer JsTicket(string of, int perHour)
    {
        if (!limits.TryTake("jsapi/" + of, perHour, WeComLimits.Hour)) throw WeComRefusal.TooFast();
        var (ticket, seconds) = tickets.Of(of);
        return WeComAnswer.Ok(new JsonObject { ["ticket"] = ticket, ["expires_in"] = seconds });
    }
}
