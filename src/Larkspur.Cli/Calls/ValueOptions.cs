using System.CommandLine;
using System.Text.Json.Nodes;
using Larkspur.Cli.Messages;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Calls;

/// <summary>Values by name: one by one, or from a JSON file, whose values those on the command line take the place of.</summary>
internal sealed class ValueOptions(string one, string file, string what)
{
    private readonly Option<string[]> _one = new(one) { Description = $"{what}: name=text, or name:=JSON. May be given several times.", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string?> _file = new(file) { Description = "All of them, as the object of a JSON file; - is the input." };

    public Option[] All => [_one, _file];

    public void AddTo(Command command)
    {
        command.Add(_one);
        command.Add(_file);
        command.Validators.Add(result =>
        {
            foreach (var token in result.GetResult(_one)?.Tokens ?? [])
            {
                if (!TemplateVariables.IsOne(token.Value)) result.AddError($"\"{token.Value}\" is no value for {_one.Name}. Write it like name=text, or name:=JSON.");
            }
        });
    }

    /// <returns>Null: none was given.</returns>
    /// <exception cref="CallFailure">A file cannot be read, or a value is not JSON.</exception>
    public async Task<JsonObject?> ReadAsync(VerbCall call)
    {
        var (ones, path) = (call.Get(_one) ?? [], call.Get(_file));
        if (path is null) return ones.Length > 0 ? TemplateVariables.Read(ones) : null;
        var values = await InputFile.JsonAsync(path, call.Cancellation) as JsonObject ?? throw new CallFailure(ExitCodes.Usage, $"{InputFile.NameOf(path)} is no JSON object of names and values.");
        foreach (var (name, value) in TemplateVariables.Read(ones)) values[name] = value?.DeepClone();
        return values;
    }
}
