using Larkspur.Emulator.Company;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Contacts;

/// <summary>What the two secrets read: the application's what is in its visible range, the address book's ids alone, as for addresses
/// that were trusted after August 2022.</summary>
internal sealed class ContactVisibility(EmulatorState state, WeComCorp corp) : IContactRange, IResettableState
{
    private const string SyncReads = "sync_secret_reads";
    private volatile DirectoryRange? _range;
    private volatile bool _details;

    public string Platform => WeComPlatform.PlatformName;

    public IReadOnlyList<string> Members => [SyncReads];

    public void Use(DirectoryRange? range, bool silent, ControlInput input)
    {
        _details = input.Text(SyncReads) switch
        {
            null => _details,
            "ids" => false,
            "details" => true,
            _ => throw new ControlRefusal($"\"{SyncReads}\" must be ids or details."),
        };
        // A call that only says what the sync secret reads leaves the application's range as it is.
        if (input.Body.ContainsKey("departments") || input.Body.ContainsKey("people") || !input.Body.ContainsKey(SyncReads)) _range = range;
    }

    /// <exception cref="WeComRefusal">48009: the address book's secret reads ids alone.</exception>
    public void NeedDetails(WeComCall call)
    {
        if (call.Owner?.AgentId is null && !_details)
            throw new WeComRefusal(48009, "api forbidden: the secret of the address book reads ids only");
    }

    /// <summary>In the application's visible range.</summary>
    public bool InRange(Person person) => _range is not { } range || range.Has(state, person);

    public bool Sees(WeComCall call, Person person) => All(call) || _range!.Has(state, person);

    public bool Sees(WeComCall call, int department) => All(call)
        || (corp.Find(department)?.OpenDepartmentId is { } id && state.FindDepartment(id) is { } found && _range!.Has(state, found));

    public void Reset() => (_range, _details) = (null, false);

    private bool All(WeComCall call) => call.Owner?.AgentId is null || _range is null;
}
