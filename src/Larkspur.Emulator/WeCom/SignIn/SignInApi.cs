using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Contacts;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.SignIn;

/// <summary>Who came in: codes and tickets for members.</summary>
internal sealed class SignInApi(WeComCorp corp, SignInCodes codes, JsTickets tickets, WeComLimits limits) : IWeComArea
{
    private static readonly string[] Private = ["userid", "gender", "avatar", "mobile", "email", "biz_mail", "address"];
    private const int TicketsOfCorpPerHour = 400;
    private const int TicketsOfAppPerHour = 100;

    public void Register(WeComHandlers on)
    {
        on.Get("/cgi-bin/auth/getuserinfo", call =>
        {
            var (userId, ticket) = codes.Redeem(call.Asked("code"));
            var shown = new JsonObject { ["userid"] = corp.Told(userId) };
            if (ticket is not null) shown["user_ticket"] = ticket;
            return WeComAnswer.Ok(shown);
        });
        on.Get("/cgi-bin/user/getuserinfo", call =>
        {
            var (userId, ticket) = codes.Redeem(call.Asked("code"));
            var shown = new JsonObject { ["UserId"] = corp.Told(userId), ["DeviceId"] = "" };
            if (ticket is not null) (shown["user_ticket"], shown["expires_in"]) = (ticket, (int)SignInCodes.TicketLife.TotalSeconds);
            return WeComAnswer.Ok(shown);
        });
        on.Post("/cgi-bin/auth/getuserdetail", Detail);
        on.Get("/cgi-bin/get_jsapi_ticket", call => Ticket("corp", TicketsOfCorpPerHour));
        on.Get("/cgi-bin/ticket/get", call => call.Asked("type") == "agent_config" ? Ticket("agent", TicketsOfAppPerHour) : throw WeComRefusal.Parameter("type must be agent_config"));
    }

    private ApiAnswer Detail(WeComCall call)
    {
        var person = corp.Known(codes.Ticket(call.Need("user_ticket")))
            ?? throw new WeComRefusal(60111, "invalid userid: it does not exist");
        var all = MemberView.Full(corp, person, sensitive: true);
        return WeComAnswer.Ok(new JsonObject(Private.Select(n => KeyValuePair.Create(n, all[n]?.DeepClone()))) { ["qr_code"] = "" });
    }

    private ApiAnswer Ticket(string of, int perHour)
    {
        if (!limits.TryTake("jsapi/" + of, perHour, WeComLimits.Hour)) throw WeComRefusal.TooFast();
        var (ticket, seconds) = tickets.Of(of);
        return WeComAnswer.Ok(new JsonObject { ["ticket"] = ticket, ["expires_in"] = seconds });
    }
}
