using System.Text.Json;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Tests.Doctor;

namespace Larkspur.Security.Tests;

/// <summary>What the platforms' own ways of proving themselves leave open is not mended by a gateway: the doctor names what is switched on of it.</summary>
public sealed class OriginProofTests
{
    [Fact]
    public async Task Signed_and_encrypted_events_are_fine()
    {
        await using var fixture = await DoctorFixture.StartAsync();
        Assert.Equal("ok", (await fixture.CheckAsync("origin_proof")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_token_alone_is_named_weak()
    {
        await using var fixture = await DoctorFixture.StartAsync(new() { ["FEISHU_ENCRYPT_KEY"] = null });
        Assert.Equal(["feishu_token_only"], Weak(await fixture.CheckAsync("origin_proof")));
    }

    [Fact]
    public async Task DingTalk_over_HTTP_and_approval_actions_in_the_clear_are_named_weak()
    {
        await using var fixture = await DoctorFixture.StartAsync(new()
        {
            ["DINGTALK_CLIENT_ID"] = "dingappkey01", ["DINGTALK_CLIENT_SECRET"] = "dingtalk-client-secret", ["DINGTALK_ROBOT_CODE"] = "dingrobot01", ["DINGTALK_EVENT_MODE"] = "webhook",
            ["DINGTALK_TOKEN"] = "dtToken", ["DINGTALK_AES_KEY"] = new string('a', 43),
        });
        await fixture.SetAsync((ExternalActionSettings.TokenSetting, "third-party-approval-token"));
        Assert.Equal(["dingtalk_http_signature", "external_action_in_clear"], Weak(await fixture.CheckAsync("origin_proof")));
        await fixture.SetAsync((ExternalActionSettings.KeySetting, "third-party-approval-key"));
        Assert.Equal(["dingtalk_http_signature"], Weak(await fixture.CheckAsync("origin_proof")));
    }

    private static string[] Weak(JsonElement check)
    {
        Assert.Equal("warning", check.GetProperty("status").GetString());
        return [.. check.GetProperty("detail").GetProperty("weak").EnumerateArray().Select(w => w.GetString()!)];
    }
}
