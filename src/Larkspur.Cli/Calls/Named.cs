using System.CommandLine;

namespace Larkspur.Cli.Calls;

/// <summary>Arguments that name something by its id or name, and become a step of an address.</summary>
internal static class Named
{
    public static Argument<string> Argument(string name, string help)
    {
        var argument = new Argument<string>(name) { Description = help };
        argument.Validators.Add(result =>
        {
            // As steps of an address these would mean another address.
            if (result.Tokens.Any(t => t.Value.Trim() is "" or "." or "..")) result.AddError($"\"{result.Tokens[0].Value}\" is no {name}.");
        });
        return argument;
    }
}
