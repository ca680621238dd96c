using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Robots;

/// <summary>
/// <c>larkspur robots add</c> and <c>change</c>. Address and secret come from files or the input: both let their reader write to the
/// group.
/// </summary>
internal static class RobotChanges
{
    private const string AddressName = "The robot's address";
    private const string SecretName = "The robot's secret";

    public static Verb Add()
    {
        var name = Named.Argument("name", "What it is called here: lower-case letters, digits, - and _.");
        var platform = new Argument<string>("platform") { Description = "feishu, wecom or dingtalk." };
        platform.AcceptOnlyFromAmong("feishu", "wecom", "dingtalk");
        var address = AddressFile();
        var (secret, description, system) = Members();
        address.DefaultValueFactory = _ => "-";
        return new Verb("add", "Add a group robot. Its address is asked for, or read from the input or a file.",
            "larkspur robots add ops feishu", "pass show feishu/ops | larkspur robots add ops feishu --secret-file ops.secret") { name,
                platform, address, secret, description, system }.Asks(async call =>
        {
            if (await IsThereAsync(call, call.Get(name)))
                throw new CallFailure(ExitCodes.Refused,
                    $"there is a robot {call.Get(name)} already. Change it by larkspur robots change.");
            return await PutAsync(call, call.Get(name), new PutRobot
            {
                Platform = call.Get(platform), Address = await SecretInput.ReadAsync(call.Get(address) ?? "-", AddressName,
                    call.Cancellation),
                Secret = await SecretAsync(call, secret), Description = call.Get(description), System = call.Get(system),
            }, "Added");
        });
    }

    public static Verb Change()
    {
        var name = Named.Argument("name", "The robot.");
        var address = AddressFile();
        var (secret, description, system) = Members();
        var unsigned = new Option<bool>("--no-secret") { Description = "It signs nothing any more." };
        var enable = new Option<bool>("--enable") { Description = "It speaks again, what waited too." };
        var disable = new Option<bool>("--disable") { Description = "Queued messages wait, new ones are refused." };
        var verb = new Verb("change", "Change what is named here of a group robot.", "larkspur robots change ops --disable",
            "larkspur robots change ops --address-file ops.address") { name, address, secret, unsigned, description, system, enable,
                disable };
        verb.Validators.Add(result =>
        {
            if (((Option[])[address, secret, unsigned, description, system, enable, disable]).All(o => result.GetResult(o) is null))
                result.AddError("Say what is to change: --address-file, --secret-file, --no-secret, --description, --system, --enable, "
                    + "--disable.");
            if (result.GetResult(secret) is not null
                && result.GetResult(unsigned) is not null) result.AddError("--secret-file and --no-secret do not go together.");
            if (result.GetResult(enable) is not null
                && result.GetResult(disable) is not null) result.AddError("--enable and --disable do not go together.");
        });
        return verb.Asks(async call =>
        {
            // A misspelt name would add a robot.
            if (!await IsThereAsync(call, call.Get(name))) throw new CallFailure(ExitCodes.Refused,
                $"there is no robot {call.Get(name)}. Add one by larkspur robots add.");
            var change = new PutRobot
            {
                Address = call.Get(address) is { } path ? await SecretInput.ReadAsync(path, AddressName, call.Cancellation) : null,
                Secret = await SecretAsync(call, secret), Signed = call.Get(unsigned) ? false : null, Description = call.Get(description),
                System = call.Get(system), Enabled = call.Get(enable) ? true : call.Get(disable) ? false : null,
            };
            return await PutAsync(call, call.Get(name), change, "Changed");
        });
    }

    private static async Task<int> PutAsync(VerbCall call, string name, PutRobot body, string what)
    {
        var saved = await call.AskAsync((client, limited) => client.Robots.PutAsync(name, body, limited));
        if (call.Json) JsonOut.Write(saved);
        else Console.Out.WriteLine(Printable.Line($"{what}: {saved.Name} ({saved.Platform}, {saved.Host} …{saved.AddressEnd})"));
        return ExitCodes.Done;
    }

    private static async Task<bool> IsThereAsync(VerbCall call, string name)
    {
        try
        {
            await call.AskAsync((client, limited) => client.Robots.ShowAsync(name, limited));
            return true;
        }
        catch (CallFailure e) when (e.Word == "not_found")
        {
            return false;
        }
    }

    private static async Task<string?> SecretAsync(VerbCall call, Option<string?> option) =>
        call.Get(option) is { } path ? await SecretInput.ReadAsync(path, SecretName, call.Cancellation) : null;

    private static Option<string?> AddressFile() => new("--address-file")
    {
        Description = "A file with the address that the group shows; - is the input. Never an argument: whoever reads it can write to "
            + "the group.",
    };

    private static (Option<string?> Secret, Option<string?> Description, Option<string?> System) Members() => (
        new("--secret-file") { Description = "A file with the secret of the robot's signature; - is the input." },
        new("--description") { Description = "What the robot is for." },
        new("--system") { Description = "The business system that it belongs to." });
}
