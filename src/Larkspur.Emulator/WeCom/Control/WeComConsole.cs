using System.Net;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.AiBots;
using Larkspur.Emulator.WeCom.Approvals;
using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.GroupRobots;
using Larkspur.Emulator.WeCom.SignIn;
using Larkspur.Emulator.WeCom.Tokens;

namespace Larkspur.Emulator.WeCom.Control;

/// <summary>What the corp's administrator sets in the console, as actions without a person.</summary>
internal sealed class WeComConsole(WeComCorp corp, WeComTokens tokens, RobotKeys robots, WeComChats chats, AppCallbacks callbacks, BotCallbacks botCallbacks, ApprovalActions approvals, SignInRules signIn, EmulatorSettings settings)
{
    public static readonly IReadOnlyDictionary<string, string[]> Members = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["set_callback"] = ["url", "of", "verify"],
        ["revoke_tokens"] = [],
        ["expire_tokens"] = [],
        ["trust_addresses"] = ["addresses"],
        ["trust_domains"] = ["domains"],
        ["configure_sign_in"] = SignInRules.Members,
        [ApprovalActions.SetApprovers] = ["template_id", "approvers"],
        ["put_robot"] = ["key", "chat", "name", "disabled"],
    };

    public async Task<JsonObject> RunAsync(string what, ControlInput input, CancellationToken cancellationToken)
    {
        switch (what)
        {
            case "set_callback":
                await SetCallbackAsync(input, cancellationToken);
                break;
            case "revoke_tokens":
                tokens.Revoke();
                break;
            case "expire_tokens":
                tokens.Expire();
                break;
            case "trust_addresses":
                var addresses = input.Texts("addresses") ?? [];
                if (addresses.FirstOrDefault(a => !IPAddress.TryParse(a, out _)) is { } wrong) throw new ControlRefusal($"{wrong} is no IP address.");
                corp.Trust(addresses);
                break;
            case "trust_domains":
                corp.TrustDomains(input.Texts("domains") ?? []);
                break;
            case "configure_sign_in":
                return signIn.Change(input);
            case ApprovalActions.SetApprovers:
                approvals.Set(input);
                break;
            default:
                PutRobot(input);
                break;
        }

        return new JsonObject { ["ok"] = true };
    }

    /// <summary>Takes an address after it answered the check, unless <c>"verify": false</c>.</summary>
    private async Task SetCallbackAsync(ControlInput input, CancellationToken cancellationToken)
    {
        var (url, of) = (input.Text("url") ?? throw new ControlRefusal("\"url\" is missing; empty for none."), input.Text("of") ?? "app");
        if (of is not ("app" or "aibot")) throw new ControlRefusal("\"of\" must be \"app\" or \"aibot\".");
        if (url.Length > 0)
        {
            CheckUrl(url);
            var why = !input.Flag("verify", true) ? null
                : of == "app" ? await callbacks.CheckAsync(url, cancellationToken) : await callbacks.CheckAsync(url, botCallbacks.Crypt, settings.WeCom.AiBotId, cancellationToken);
            if (why is not null) throw new ControlRefusal(why);
        }

        if (of == "app") corp.CallbackUrl = url;
        else corp.BotCallbackUrl = url;
    }

    public static void CheckUrl(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) throw new ControlRefusal("\"url\" must be an absolute http or https address.");
    }

    private void PutRobot(ControlInput input)
    {
        var chat = input.Need("chat");
        if (chats.Chat(chat) is not { Kind: WeComChatKind.Group }) throw new ControlRefusal($"There is no group {chat}.");
        var (key, name) = (input.Need("key"), input.Text("name") ?? "群机器人");
        robots.Put(new GroupRobot(key, chat, name, name) { Disabled = input.Flag("disabled", false) });
    }
}
