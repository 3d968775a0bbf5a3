namespace PassthroughTools.Planning;

/// <summary>
/// Finds prices for the bounded figures that make the Lagrangian bound of a stage as high as it goes: column generation on a linear
/// program with one row a figure and one for convexity, each column a choice for all groups that is cheapest at the current prices.
/// Floating point is harmless here: prices are rounded afterwards, and any prices give a valid bound. Where the question is only whether
/// the caps can be kept, the prices are those at which they are kept by the narrowest margin.
/// </summary>
internal sealed class LagrangianDual
{
    private const int MaxIterations = 400;
    private const double Epsilon = 1e-9;

    private readonly ReducedModel _model;
    private readonly int _rows;
    private readonly long[] _caps;
    private readonly double _ceiling;

    private LagrangianDual(ReducedModel model)
    {
        _model = model;
        _rows = model.Kept.Length;
        _caps = model.IsSoft ? model.SoftCaps : model.Caps;

        // A price may well be above the target: a bound within a hair of impossible has a steep one. Above 2^32 in all, sums could overflow.
        _ceiling = model.IsSoft ? 1 : Math.Min(1024.0 * (model.Caps[_rows] + 1), (1L << 32) / (_rows + 1));
    }

    /// <summary>Prices as a surrogate over the stage's dimensions, and the bound that it proves.</summary>
    internal static (Surrogate Surrogate, long Bound) Solve(ReducedModel model, int dimensions, CancellationToken cancellation)
    {
        var dual = new LagrangianDual(model);
        var prices = dual.Maximise(isMargin: false, cancellation);
        if (model.IsSoft && Array.TrueForAll(prices, price => price <= 0))
        {
            prices = dual.Maximise(isMargin: true, cancellation);
            var largest = prices.DefaultIfEmpty().Max();
            if (largest > 0) prices = Array.ConvertAll(prices, price => price / largest);
        }

        var scale = dual.ScaleFor(prices);
        var weights = Array.ConvertAll(prices, price => (long)Math.Round(price * scale));
        var full = new long[dimensions];
        for (var i = 0; i < weights.Length; i++) full[model.Kept[i]] = weights[i];
        return (new Surrogate(full, scale), dual.Bound(weights, scale));
    }

    /// <summary>Largest power of two at which no weighted sum overflows.</summary>
    private long ScaleFor(double[] prices)
    {
        // No sum of vectors less a cap is beyond 2^26 (see PlanValidation).
        var worst = 2.0 * (_model.Caps[_rows] + _model.CostBase + 1);
        foreach (var price in prices) worst += (price + 1) * (1 << 26);
        var scale = 1L << 24;
        while (scale > 1 && worst * scale > 1L << 60) scale >>= 1;
        return scale;
    }

    /// <summary>The least cost that the prices leave possible, exactly.</summary>
    private long Bound(long[] weights, long scale)
    {
        var total = 0L;
        for (var i = 0; i < _rows; i++) total -= weights[i] * _caps[i];
        foreach (var type in _model.Types) total += type.Count * type.Alternatives.Min(a => Value(a.Row) + a.Units.Sum(unit => unit.Choices.Min(c => Value(c.Row))));
        var bound = total <= 0 ? 0 : (total + scale - 1) / scale;
        bound += (_model.CostStep - (bound % _model.CostStep)) % _model.CostStep;
        return _model.CostBase + bound;

        long Value(long[] row)
        {
            var value = _model.IsSoft ? 0 : scale * row[_rows];
            for (var i = 0; i < _rows; i++) value += weights[i] * row[i];
            return value;
        }
    }

    private double[] Maximise(bool isMargin, CancellationToken cancellation)
    {
        var best = new double[_rows];
        if (_rows == 0) return best;

        var basis = new double[_rows + 1][];
        var costs = new double[_rows + 1];
        var prices = new double[_rows];
        var bestValue = Cheapest(prices, out var column, out var cost);
        if (isMargin) bestValue = double.MinValue;
        basis[_rows] = column;
        costs[_rows] = isMargin ? 0 : cost;
        for (var i = 0; i < _rows; i++) (basis[i], costs[i]) = column[i] > 0 && !isMargin ? (Unit(i, -1), _ceiling) : (Unit(i, 1), 0);
        var margin = isMargin ? EnterMargin(basis, costs, column) : -1;

        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            var y = Linear(basis, costs, transposed: true);
            if (y is null) break;

            (double[] Column, double Cost)? entering = null;
            var tolerance = Epsilon * y.Take(_rows).Max(Math.Abs);
            for (var i = 0; i < _rows && entering is null; i++)
            {
                prices[i] = -y[i];
                if (prices[i] < -tolerance) entering = (Unit(i, 1), 0);
                else if (prices[i] > _ceiling + tolerance && !isMargin) entering = (Unit(i, -1), _ceiling);
            }

            if (entering is null)
            {
                for (var i = 0; i < _rows; i++) prices[i] = Math.Min(Math.Max(prices[i], 0), isMargin ? double.MaxValue : _ceiling);
                var value = Cheapest(prices, out column, out cost);
                if (isMargin) (value, cost) = (value - cost, 0);
                if (value > bestValue)
                {
                    bestValue = value;
                    Array.Copy(prices, best, _rows);
                }

                // Beyond the target there is nothing left to prove.
                if (value >= y[_rows] - (1e-7 * (1 + Math.Abs(y[_rows]))) || (!_model.IsSoft && value > _model.Caps[_rows] + 1)) break;
                entering = (column, cost);
            }

            if (!Enter(basis, costs, entering.Value.Column, entering.Value.Cost, margin)) break;
        }

        return best;
    }

    /// <summary>Puts the margin, which all caps give way by, into the basis, in place of the slack of the row that needs most.</summary>
    private int EnterMargin(double[][] basis, double[] costs, double[] column)
    {
        var row = 0;
        for (var i = 1; i < _rows; i++)
            if (column[i] > column[row]) row = i;
        basis[row] = new double[_rows + 1];
        for (var i = 0; i < _rows; i++) basis[row][i] = -1;
        costs[row] = 1;
        return row;
    }

    private bool Enter(double[][] basis, double[] costs, double[] column, double cost, int free)
    {
        var direction = Linear(basis, column, transposed: false);
        var level = Linear(basis, Unit(_rows, 1), transposed: false);
        if (direction is null || level is null) return false;
        var leaving = -1;
        var least = double.MaxValue;
        for (var i = 0; i <= _rows; i++)
        {
            if (direction[i] <= Epsilon || i == free) continue;
            var ratio = Math.Max(level[i], 0) / direction[i];
            if (ratio >= least - Epsilon && leaving >= 0) continue;
            least = ratio;
            leaving = i;
        }

        if (leaving < 0) return false;
        basis[leaving] = column;
        costs[leaving] = cost;
        return true;
    }

    private double[] Unit(int row, double value)
    {
        var column = new double[_rows + 1];
        column[row] = value;
        return column;
    }

    /// <summary>The choice that is cheapest at these prices: by how much it overdraws each cap, and what it costs.</summary>
    private double Cheapest(double[] prices, out double[] column, out double cost)
    {
        column = new double[_rows + 1];
        column[_rows] = 1;
        for (var i = 0; i < _rows; i++) column[i] = -_caps[i];
        var total = new long[_rows + 1];
        var sum = new long[_rows + 1];
        var least = new long[_rows + 1];
        foreach (var type in _model.Types)
        {
            var leastValue = double.MaxValue;
            foreach (var alternative in type.Alternatives)
            {
                Array.Copy(alternative.Row, sum, _rows + 1);
                var value = Price(alternative.Row, prices);
                foreach (var unit in alternative.Units)
                {
                    var best = unit.Choices[0].Row;
                    var bestPrice = double.MaxValue;
                    foreach (var choice in unit.Choices)
                    {
                        var price = Price(choice.Row, prices);
                        if (price >= bestPrice) continue;
                        bestPrice = price;
                        best = choice.Row;
                    }

                    value += bestPrice;
                    for (var i = 0; i <= _rows; i++) sum[i] += best[i];
                }

                if (value >= leastValue) continue;
                leastValue = value;
                (sum, least) = (least, sum);
            }

            for (var i = 0; i <= _rows; i++) total[i] += type.Count * least[i];
        }

        cost = _model.IsSoft ? 0 : total[_rows];
        var result = cost;
        for (var i = 0; i < _rows; i++)
        {
            column[i] += total[i];
            result += prices[i] * column[i];
        }

        return result;
    }

    private double Price(long[] row, double[] prices)
    {
        var price = _model.IsSoft ? 0.0 : row[_rows];
        for (var i = 0; i < prices.Length; i++) price += prices[i] * row[i];
        return price;
    }

    /// <summary>Solves the basis for a right side, by elimination: it has a handful of rows.</summary>
    private double[]? Linear(double[][] columns, double[] right, bool transposed)
    {
        var n = _rows + 1;
        var m = new double[n, n + 1];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) m[i, j] = transposed ? columns[i][j] : columns[j][i];
            m[i, n] = right[i];
        }

        for (var p = 0; p < n; p++)
        {
            var pivot = p;
            for (var i = p + 1; i < n; i++)
                if (Math.Abs(m[i, p]) > Math.Abs(m[pivot, p])) pivot = i;
            if (Math.Abs(m[pivot, p]) < 1e-12) return null;
            for (var j = p; j <= n; j++) (m[p, j], m[pivot, j]) = (m[pivot, j], m[p, j]);
            for (var i = 0; i < n; i++)
            {
                if (i == p) continue;
                var factor = m[i, p] / m[p, p];
                if (factor == 0) continue;
                for (var j = p; j <= n; j++) m[i, j] -= factor * m[p, j];
            }
        }

        var x = new double[n];
        for (var i = 0; i < n; i++) x[i] = m[i, n] / m[i, i];
        return x;
    }
}
