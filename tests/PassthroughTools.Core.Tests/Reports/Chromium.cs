using PuppeteerSharp;
using PuppeteerSharp.Media;

namespace PassthroughTools.Tests.Reports;

/// <summary>A Chromium of this machine without a window, and a report on hosts of every sort that it can open.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome.exe", "msedge.exe"];

    private static readonly string? Program =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(["/usr/bin"])
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    private readonly string _folder = Directory.CreateTempSubdirectory("passthru-page-").FullName;
    private IBrowser? _browser;

    /// <summary>Address of the report.</summary>
    public Uri Address => new(Path.Combine(_folder, "report.html"));

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Reporting.WriteEverySort(Address.LocalPath);
        if (Program is null) return;
        _browser = await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = Program,
            UserDataDir = Path.Combine(_folder, "profile"),
            Timeout = 120_000,
            ProtocolTimeout = 300_000,

            // Without a sandbox it runs as root as well; what it opens is ours.
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        for (var attempt = 0; attempt < 20 && Directory.Exists(_folder); attempt++)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException)
            {
                // Its helpers outlive it by a moment.
                await Task.Delay(100);
            }
        }
    }

    /// <summary>Opens a page; fails in CI and skips elsewhere when there is no Chromium.</summary>
    /// <param name="width">Width of the page in CSS pixels.</param>
    /// <param name="scheme">Colour scheme of the system: light or dark.</param>
    public async Task<IPage> NewPageAsync(int width = 1280, string scheme = "light")
    {
        if (_browser is null)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail("chromium is missing; install the package chromium.");
            Assert.Skip("Needs Chromium: apt-get install chromium");
        }

        var page = await _browser.NewPageAsync();
        page.DefaultNavigationTimeout = 120_000;
        await page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 900 });
        await page.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme }]);
        return page;
    }

    /// <summary>Opens the report with nothing folded and nothing left out for being off the screen.</summary>
    /// <param name="width">Width of the page in CSS pixels.</param>
    /// <param name="scheme">Colour scheme of the system: light or dark.</param>
    public async Task<IPage> OpenUnfoldedAsync(int width, string scheme)
    {
        var page = await NewPageAsync(width, scheme);
        await page.GoToAsync(Address.AbsoluteUri);
        await page.EvaluateExpressionAsync("""
            document.querySelectorAll('details').forEach(each => each.open = true);
            document.querySelectorAll('.host').forEach(each => each.style.contentVisibility = 'visible');
            """);
        return page;
    }
}
