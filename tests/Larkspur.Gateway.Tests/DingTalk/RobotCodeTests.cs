using System.Text.Json;

namespace Larkspur.Gateway.Tests.DingTalk;

/// <summary>A RobotCode that is not the app's is found before the first card fails.</summary>
public sealed class RobotCodeTests
{
    [Theory]
    [InlineData("not-a-robot", "failed")]
    [InlineData(null, "ok")]
    public async Task A_RobotCode_is_judged_without_a_message_to_anybody(string? code, string status)
    {
        await using var fixture = code is null ? await DingTalkFixture.StartAsync()
            : await DingTalkFixture.StartAsync(("DINGTALK_ROBOT_CODE", code));
        var check = await CheckAsync(fixture);
        Assert.True(Status(check) == status, check.ToString());
        if (code is not null)
        {
            Assert.Contains("does not take the RobotCode", Said(check), StringComparison.Ordinal);
            Assert.Contains(code, Said(check), StringComparison.Ordinal);
            Assert.Contains("Robot page", check.GetProperty("fix").GetProperty("en").GetString(), StringComparison.Ordinal);
        }

        Assert.Empty(await fixture.SaidAsync());
    }

    private static async Task<JsonElement> CheckAsync(DingTalkFixture fixture)
    {
        using var asked = new StringContent("""{"checks":["dingtalk"]}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await fixture.Gateway.Http.PostAsync(new Uri("/api/v1/doctor/run", UriKind.Relative), asked,
            TestContext.Current.CancellationToken);
        var report = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<JsonElement>(report).GetProperty("checks")[0];
    }

    private static string Status(JsonElement check) => check.GetProperty("status").GetString()!;

    private static string Said(JsonElement check) => check.GetProperty("finding").GetProperty("en").GetString()!;
}
