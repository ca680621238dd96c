using Larkspur.Emulator.State;

namespace Larkspur.Samples.Tests;

public sealed class ApprovalOrderTests
{
    [Fact]
    public async Task An_order_is_placed_when_everybody_has_approved()
    {
        await using var emulator = await Tour.PatientEmulatorAsync();
        await using var bot = await StartAsync(emulator);

        await emulator.SayAsync("alice", "order Acme 1280.50");
        await bot.ShowsAsync(emulator, "Asked for 1280.50 to Acme");
        var instance = await InstanceAsync(emulator);
        await emulator.ActAsync(new { @as = "bob", @do = "approve", instance });
        await emulator.ActAsync(new { @as = "carol", @do = "approve", instance });

        await bot.ShowsAsync(emulator, "Approved: the order is placed.");
    }

    [Fact]
    public async Task Nothing_is_ordered_when_somebody_refuses()
    {
        await using var emulator = await Tour.PatientEmulatorAsync();
        await using var bot = await StartAsync(emulator);

        await emulator.SayAsync("alice", "order Acme 99");
        await bot.ShowsAsync(emulator, "Asked for 99 to Acme");
        await emulator.ActAsync(new { @as = "bob", @do = "reject", instance = await InstanceAsync(emulator), comment = "no" });

        await bot.ShowsAsync(emulator, "Refused: nothing was ordered.");
    }

    [Fact]
    public async Task Other_words_are_answered_with_how_to_order()
    {
        await using var emulator = await Tour.PatientEmulatorAsync();
        await using var bot = await StartAsync(emulator);
        await emulator.SayAsync("alice", "order Acme much");
        await bot.ShowsAsync(emulator, "Write: order PAYEE AMOUNT");
    }

    [Fact]
    public async Task Without_an_answer_at_its_start_it_says_so_and_ends()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/approvals/*", method = "POST", reply = 400, code = 60001 });
        await using var bot = SampleProcess.Start("ApprovalOrder", emulator, [SeededCompany.PaymentApprovalCode]);
        Assert.Equal(1, await bot.EndedAsync());
        Assert.Contains("could not be asked for", bot.Errors, StringComparison.Ordinal);
    }

    private static async Task<SampleProcess> StartAsync(EmulatorApp emulator)
    {
        var bot = SampleProcess.Start("ApprovalOrder", emulator, [SeededCompany.PaymentApprovalCode]);
        await bot.ConnectedAsync(emulator);
        return bot;
    }

    private static async Task<string> InstanceAsync(EmulatorApp emulator)
    {
        var instance = Assert.Single((await emulator.StateAsync())["approvals"]!["instances"]!.AsArray());
        return (string)instance!["instance_code"]!;
    }
}
