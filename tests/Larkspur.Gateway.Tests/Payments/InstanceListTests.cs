using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Payments;

/// <summary>Instances of a long period, a bounded number of platform calls at a time.</summary>
public sealed class InstanceListTests
{
    private static readonly Dictionary<string, string?> Unshaped = new() { ["FEISHU_RATE_FACTOR"] = "100" };

    [Fact]
    public async Task A_period_of_months_is_read_in_bounded_parts_each_instance_once()
    {
        await using var emulator = await EmulatorApp.StartAsync(s => s with { RateLimitFactor = 0 });
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), Unshaped);
        var made = new List<string>();
        var (start, passed) = (DateTimeOffset.UtcNow, 0);
        foreach (var day in (int[])[0, 1, 13, 26])
        {
            if (day > passed) await emulator.AdvanceAsync(TimeSpan.FromDays(day - passed));
            passed = day;
            var one = await gateway.PostRestAsync("/approvals/instances", new { approval_code = PaymentFixture.ApprovalCode, submitter = new { user_id = "alice" }, form = new { payee = $"Day {day}", amount = 12 } });
            Assert.True(one.Status == 201, one.ToString());
            made.Add(one.Text("instance_code")!);
        }

        var path = $"/approvals/instances?approval_code={PaymentFixture.ApprovalCode}&since={At(start.AddMinutes(-5))}&until={At(start.AddDays(27))}";
        var (found, parts, cursor) = (new List<string>(), 0, (string?)null);
        do
        {
            var before = await CallsAsync(emulator);
            var part = await gateway.GetRestAsync(path + (cursor is null ? "" : "&cursor=" + cursor));
            Assert.True(part.Status == 200, part.ToString());
            Assert.InRange(await CallsAsync(emulator) - before, 1, 30);
            found.AddRange(part.Body.GetProperty("instance_codes").EnumerateArray().Select(c => c.GetString()!));
            cursor = part.Text("next_cursor");
            parts++;
        }
        while (cursor is not null);
        Assert.Equal(made, found);
        Assert.Equal(3, parts);
    }

    [Fact]
    public async Task A_period_that_cannot_be_and_a_cursor_of_nobody_are_refused_before_any_call()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString());
        var now = DateTimeOffset.UtcNow;
        await RefusedAsync($"since={At(now.AddDays(-181))}", 422, "period_too_long", "?since");
        await RefusedAsync($"since={At(now)}&until={At(now.AddHours(-1))}", 422, "bad_period", "?until");
        await RefusedAsync("", 400, "missing", "?since");
        foreach (var cursor in (string[])["x", "%25", "MSAyIA", new string('A', 2000), Of($"{now.AddDays(-9).ToUnixTimeMilliseconds()} {now.ToUnixTimeMilliseconds()} "),
            Of($"{now.ToUnixTimeMilliseconds()} {now.AddDays(-1).ToUnixTimeMilliseconds()} "), Of($"{now.ToUnixTimeMilliseconds()} 99999999999999999 "), Of($"{now.ToUnixTimeMilliseconds()} {now.AddDays(400).ToUnixTimeMilliseconds()} ")])
            await RefusedAsync($"since={At(now.AddDays(-2))}&cursor={cursor}", 400, "bad_cursor", "?cursor");
        Assert.Equal(0, await CallsAsync(emulator));

        async Task RefusedAsync(string query, int status, string word, string pointer)
        {
            var answer = await gateway.GetRestAsync($"/approvals/instances?approval_code={PaymentFixture.ApprovalCode}&{query}");
            Assert.True((answer.Status, answer.Error, answer.Pointer) == (status, word, pointer), $"{query}: {answer}");
        }
    }

    private static string Of(string text) => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(text));

    private static string At(DateTimeOffset at) => Uri.EscapeDataString(at.ToString("O"));

    private static async Task<int> CallsAsync(EmulatorApp emulator) => (await emulator.ControlAsync(HttpMethod.Get, "calls?limit=1000"))["calls"]!.AsArray()
        .Count(c => c!["method"]!.GetValue<string>() == "GET" && c["path"]!.GetValue<string>().Contains("/approval/v4/instances", StringComparison.Ordinal));
}
