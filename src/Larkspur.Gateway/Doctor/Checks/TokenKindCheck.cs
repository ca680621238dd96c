using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The token is a tenant's: all that the gateway does, it does as the app within one company.</summary>
internal sealed class TokenKindCheck : IDoctorCheck
{
    public string Id => "token_kind";

    public LocalText Title => TokenKindCheckTexts.Title;

    public bool OfConnection => true;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        if (of.Platform is not { } platform) return Examination.NoApp;
        if (platform.Options.Kind == FeishuAppKind.Store) return CheckResult.Skipped(TokenKindCheckTexts.StoreAppGetsItsTokensByApp);
        var answer = await platform.TokenAsync();
        if (answer.Failure is { } why) return Examination.Unasked(why);
        var (kind, life) = (answer.Value.GetProperty("kind").GetString(), answer.Value.GetProperty("expire").GetInt64());
        var detail = new System.Text.Json.Nodes.JsonObject { ["kind"] = kind, ["expire"] = life };
        return kind == "tenant" && life > 0
            ? CheckResult.Ok(TokenKindCheckTexts.TenantAccessTokenForS(life), detail)
            : CheckResult.Failed(TokenKindCheckTexts.WhatCameIsNoUsableTenant(kind),
                TokenKindCheckTexts.SelfBuiltAppIsNeededSee, detail);
    }
}
